# SPDX-License-Identifier: MIT
"""Shows the handles of Runnel in gdb as what they hold: see docs/debugging.md.

    (gdb) source runnel_printers.py
    (gdb) print tx
    $1 = runnel::mpsc::sender<int> of a bounded channel: 3 of 3 messages, 3 senders (2 blocked), 1 receiver
"""

import gdb
import gdb.printing
import gdb.types

CORE = "runnel::core::"
FLAVOURS = ("bounded", "unbounded", "rendezvous")
# No channel has more handles: see core/counts.hpp.
MOST_HANDLES = 2**31 + 2**16
# Linux has no more threads.
MOST_WAITERS = 2**22


class NoChannel(Exception):
    """What a handle points to has never been a channel, or is one no more."""


def byte():
    """The type of the enumerations."""
    return gdb.lookup_type("unsigned char")


def scalar(value):
    """The number or pointer in an atomic or a cell, of any standard library: what comes first in it."""
    while value.type.strip_typedefs().code in (gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION):
        members = [f for f in value.type.strip_typedefs().fields() if hasattr(f, "bitpos")]
        if not members:
            raise gdb.error("no debugging information about an atomic")
        value = value[members[0]]
    return value


def count_waiters(queue):
    """How many are in a core::waiter_queue."""
    seen = set()
    first = waiter = scalar(queue["first_"])
    while int(waiter) != 0:
        seen.add(int(waiter))
        waiter = scalar(waiter.dereference()["next"])
        if waiter == first:
            break
        if int(waiter) in seen or len(seen) == MOST_WAITERS:
            raise NoChannel
    return len(seen)


def messages_in_ring(ring):
    """As core::ring::size, of a moment."""
    laps_by, capacity = int(ring["laps_by_"]), int(ring["capacity_"])
    tail, head = int(scalar(ring["tail_"])) // 2, int(scalar(ring["head_"])) // 2
    if capacity == 0 or not capacity <= laps_by < 2 * capacity:
        raise NoChannel
    if tail == head:
        return 0
    apart = tail % laps_by - head % laps_by
    return apart if apart > 0 else capacity + apart


def block_length(block):
    """As core::shipped_geometry::block_length. Not all compilers describe the constant that has it."""
    groups = block["groups"].type
    group = groups.target()
    states = next(f for f in group.strip_typedefs().fields() if f.name == "states").type
    in_group = states.range()[1] + 1
    length = min(126, max(3, 16384 // (group.sizeof // in_group)))
    if groups.range()[1] + 1 != -(-length // in_group):
        raise gdb.error("runnel: the printers are of another version")
    return length


def messages_in_list(ends):
    """As core::list_of_blocks::size, of a moment."""
    head, tail = scalar(ends["head_"]["at"]), scalar(ends["tail_"]["at"])
    length = block_length(scalar(ends["head_"]["in"]).dereference())
    laps_by = 1 << length.bit_length()

    def number(at):
        block, offset = divmod(at // 2, laps_by)
        return block * length + offset

    apart = number(int(tail)) - number(int(head))
    if apart < 0:
        raise NoChannel
    return apart


def plural(number, what):
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


class Channel:
    """A core::channel, of which the handles of all flavours know the beginning alone."""

    def __init__(self, pointer):
        self.base = pointer.dereference()
        self.type = self.base.type.unqualified().strip_typedefs()
        self.platform, message = (str(self.type.template_argument(i)) for i in (0, 1))
        self.of = f"{self.platform}, {message}"
        self.may_receive = self.type.name.rpartition(",")[2].strip(" >")  # as the compiler writes it
        flavour = int(self.base["flavour_"].cast(byte()))
        self.senders = int(scalar(self.base["senders_"]))
        self.receivers = int(scalar(self.base["receivers_"]))
        sides = int(scalar(self.base["sides_"]))
        most = max(self.senders, self.receivers)
        if flavour >= len(FLAVOURS) or sides not in (1, 2) or not 0 < most <= MOST_HANDLES:
            raise NoChannel
        self.flavour = FLAVOURS[flavour]

    def operations(self, name):
        """The part that depends on the flavour; `name` is of its type."""
        whole = gdb.lookup_type(f"{self.type.name}::made_of<{name}>")
        return self.base.address.cast(whole.pointer()).dereference()["operations"]

    def queue(self, kind):
        """The name of the flavour that has such a queue."""
        return (f"{CORE}blocking_queue<{self.of}, {CORE}{kind}<{self.of}, {CORE}shipped_geometry>, "
                f"{CORE}wait_list<{self.platform}>, {self.may_receive}>")

    def describe(self):
        """All in one line."""
        try:
            return getattr(self, self.flavour)()
        except gdb.MemoryError:
            raise
        except gdb.error:  # a type is not found by its name: that of a lambda, or local to a function
            return f"a channel ({self.flavour}) of which no more is known: {self.handles(0, 0)}"

    def bounded(self):
        it = self.operations(self.queue("ring"))
        messages = f"{messages_in_ring(it['queue_'])} of {plural(int(it['queue_']['capacity_']), 'message')}"
        return f"a bounded channel: {messages}, {self.handles(*self.blocked(it))}"

    def unbounded(self):
        only_one_receives = int(self.type.template_argument(3)) == 0
        it = self.operations(self.queue("sole_list" if only_one_receives else "list"))
        messages = plural(messages_in_list(it["queue_"]), "message")
        return f"an unbounded channel: {messages}, {self.handles(*self.blocked(it))}"

    def rendezvous(self):
        it = self.operations(f"{CORE}blocking_rendezvous<{CORE}rendezvous<{self.of}>, {self.may_receive}>")
        return f"a rendezvous: {self.handles(*(count_waiters(it[side]) for side in ('senders_', 'receivers_')))}"

    @staticmethod
    def blocked(operations):
        """How many senders and receivers are."""
        return (count_waiters(operations[which]["queue_"]) for which in ("not_full_", "not_empty_"))

    def handles(self, senders_blocked, receivers_blocked):
        sides = ((self.senders, "sender", senders_blocked), (self.receivers, "receiver", receivers_blocked))
        return ", ".join(plural(number, what) + (f" ({blocked} blocked)" if blocked else "")
                         for number, what, blocked in sides)


class HandlePrinter:
    """A sender or a receiver."""

    def __init__(self, value):
        self.value = value

    def to_string(self):
        name = gdb.types.get_basic_type(self.value.type).name
        try:
            channel = self.value["channel_"]
            address = int(channel)
        except gdb.error as error:  # the optimizer has it
            return f"{name} <{error}>"
        if address == 0:
            return f"{name}, empty"
        try:
            return f"{name} of {Channel(channel).describe()}"
        except (NoChannel, gdb.MemoryError):
            return f"{name} of what is no channel, at {address:#x}"
        except gdb.error:  # no debugging information about channels of that type
            return f"{name} of a channel at {address:#x}"


def build_printer():
    printer = gdb.printing.RegexpCollectionPrettyPrinter("runnel")
    printer.add_printer("handle", "^runnel::(mpsc|mpmc)::(sender|receiver)<.*>$", HandlePrinter)
    return printer


gdb.printing.register_pretty_printer(gdb.current_objfile(), build_printer(), replace=True)
