### What `shopdesk chat` itself says.

as = Chatting as { $name } at { $url }. Type /help to see what else you can do.
visitor = You are a visitor at { $url }. Type /help to see what else you can do; --email logs you in.
stand_in = Stand-in model: no GPU here.
help =
    /image PATH   add a picture to the next message (or write its path in the message)
    /new          start another conversation
    /quit         leave; the conversation is kept
    Ctrl-C        stop the answer; once more, leave
no_trace = This shop shows its steps to staff only (DEBUG_MODE), so there is no trace.
you = you
person = a person
working = working on it… (Ctrl-C stops it)
stopping = stopping…
confirm = Nothing happens until you confirm. y confirms, n declines.
new = This is a new conversation.
attached = { $name } will be sent with your next message.
no_file = There is no picture at { $path }.
which_file = Say which picture: /image PATH
no_command = There is no command { $name }. Type /help to see those there are.
bye = This conversation is kept.
too_late = No answer came in time. Try again.
# The key that says yes to an open question, and the one that says no, on a keyboard of the language.
yes_key = y
no_key = n

## Refusals of the shop, by their code

refused_unreachable = The shop can't be reached. Try again.
refused_conversation_busy = Your last message is still being answered. Wait for the answer, or stop it.
refused_no_such_question = This question is no longer open. Ask again to continue.
refused_pictures_need_login = Log in to send pictures (--email).
refused_picture_too_large = Pictures can be up to 10 MB.
refused_picture_not_an_image = This file is not a picture we can read. Send a PNG, JPEG, WebP or GIF.
refused_database_busy = The shop is busy with other changes; nothing was changed. Try again in a minute.
refused_disk_full = The shop can't save anything right now. Nothing was changed. Try again later.
refused_database_gone = The shop can't be reached right now. Try again in a minute.
