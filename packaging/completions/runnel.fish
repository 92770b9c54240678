# SPDX-License-Identifier: MIT
#
# Completion for fish: the program says what there is.

function __runnel_names
    set -l words (commandline -opc)
    set -l word "$(commandline -ct | string replace -r '^[\'"]' '' | string unescape)"
    set -l names ($words[1] complete $words[2..] $word 2>/dev/null)
    if set -q names[1]
        printf '%s\n' $names
    else
        __fish_complete_path (commandline -ct)
    end
end

complete -c runnel -f -a '(__runnel_names)'
