### What a customer reads of a change to a ticket of theirs.

opened = Ticket { $ticket } is open: { $subject }
joined = It is in ticket { $ticket }: { $subject }
commented = The comment is in ticket { $ticket }, which is { $status ->
    [waiting_for_customer] waiting for customer
    [waiting_for_staff] waiting for staff
    [resolved] resolved
   *[open] open
}.
resolved = Ticket { $ticket } is resolved.
handed_over = A person will answer: ticket { $ticket }.
