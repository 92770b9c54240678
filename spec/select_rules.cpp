// SPDX-License-Identifier: MIT
#include "select_rules.hpp"

namespace runnel::spec::agreement {

bool allowed(select_state& s, const select_label& l) { return is_allowed(s, l); }

}  // namespace runnel::spec::agreement
