### What the runtime shows a customer beside a server's own question.

# The label of the yes in a client's form.
confirm = Do it?
