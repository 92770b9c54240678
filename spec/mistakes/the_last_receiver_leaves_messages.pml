/* SPDX-License-Identifier: MIT
 *
 * The drop of the last receiver destroys nothing.
 */
#define drop_receiver(c) c.receivers--
