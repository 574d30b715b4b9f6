home-title = How things stand
home-sending = Sending
home-stop = Stop everything now
home-stop-hint = Stops sending from every number at once, also what is being typed right now. Nothing is lost: one tap and it goes on.
home-all-stopped = Sending is stopped: nothing leaves until somebody resumes it.
home-not-all-stopped = Not everything is stopped any more: somebody has resumed sending.
home-resume = Resume sending
home-resume-one = Resume
said-resumed = Sending goes on.
said-unlocked = The number is unlocked.
home-stopped-title = All stopped
home-stopped-left-title = What had already left
home-stopped-nothing-left = Nothing: no message was on its way.
home-stopped-left = { $n ->
    [one] One message had already left and may still arrive.
   *[other] { $n } messages had already left and may still arrive.
}
home-somebody = Somebody
home-gone-pending = back in the queue
home-gone-composing = being typed
home-gone-sending = leaving
home-gone-sent = sent
home-gone-failed = failed
home-gone-uncertain = perhaps arrived
home-gone-cancelled = cancelled
home-needs = What needs you
home-needs-nothing = Nothing to do: it all goes by itself.
home-needs-card = See below: one of the numbers needs you.
home-look = Look
home-needs-uncertain = { $n ->
    [one] Nobody knows whether one message from { $person } arrived.
   *[other] Nobody knows whether { $n } messages from { $person } arrived.
}
home-needs-failed = { $n ->
    [one] One message from { $person } could not be sent.
   *[other] { $n } messages from { $person } could not be sent.
}
home-needs-aside = { $n ->
    [one] One message from { $person } was put aside.
   *[other] { $n } messages from { $person } were put aside.
}
home-needs-suspended = { $n ->
    [one] One person may have asked for no more messages.
   *[other] { $n } people may have asked for no more messages.
}
home-needs-writers = { $n ->
    [one] Somebody who is not on the guest list wrote to you.
   *[other] { $n } people who are not on the guest list wrote to you.
}
home-needs-many-writers = More than { $n } people who are not on the guest list wrote to you.
home-needs-room = The server’s disk is full: nothing can be saved or sent. Tell whoever runs the system.
home-check-again = Check again
home-needs-unlock = WhatsApp has restricted the number of { $person }.
home-needs-old-backlog = The number of { $person } was disconnected for more than a day: look at what waits before you let it go on.
home-needs-restored = A backup was restored, and what was sent since is not in it: look in the chats of { $person } before you let what waits go.
home-needs-receipts = WhatsApp confirms nothing that leaves the number of { $person }: look on the phone whether the messages are there.
home-needs-unread = Some chats of { $person } cannot be read: look on the phone whether guests have written.
home-phones = Your WhatsApps
home-own = Connected as
home-since = Since
home-badge-connected = Connected
home-badge-qr = To be linked
home-badge-connecting = Connecting
home-badge-disconnected = Disconnected
home-badge-failed = To be linked again
home-state-qr = The phone has to be linked: it takes a minute.
home-state-connecting = It is connecting to WhatsApp: wait. If that takes more than three minutes, press “Link”, which restarts it.
home-state-disconnected = It does not run: press “Link”.
home-state-failed = WhatsApp gave up the connection and does not say why. Look at WhatsApp on the phone first: while it shows a restriction or a ban, do not link. Otherwise press “Link again”.
home-problem-waha_away = The program that keeps the connection to WhatsApp does not answer: tell whoever runs the system.
home-problem-key_refused = The program that keeps the connection to WhatsApp refuses the key: tell whoever runs the system.
home-problem-session_missing = The connection has stopped. It starts by itself within a few minutes; the button starts it now.
home-problem-codes_used_up = The codes expired before a phone scanned one. Press the button for new ones.
home-problem-unlinked = The phone was unlinked. Press the button, then link the phone again.
home-problem-restricted = WhatsApp may have restricted or banned this number. Do not scan anything: look at WhatsApp on the phone, and do what it says. When it works there again, unlink the phone here, then link it again.
home-problem-client_outdated = WhatsApp no longer accepts the program that keeps the connection (WAHA { $server }): whoever runs the system has to move it to { $image } or a newer release (on ARM: docs/waha.md).
home-problem-store_off = Messages that have arrived cannot be read again, so lost ones cannot be found: unlink the phone and link it again.
home-problem-too_old = The program that keeps the connection to WhatsApp (WAHA { $server }) is too old, so nothing is sent: whoever runs the system has to move it to { $image } (on ARM: docs/waha.md).
home-problem-known_bad = This release of the program that keeps the connection to WhatsApp (WAHA { $server }) takes what you type on the phone for messages to your own number. Sending goes on; whoever runs the system has to move it to { $image } (on ARM: docs/waha.md).
home-problem-version_unknown = The program that keeps the connection to WhatsApp (WAHA) does not tell its version, so its defects are not known. Sending goes on; tell whoever runs the system.
home-problem-same_number = This number is linked here twice, and nothing is sent: unlink it in one place, then link the right phone there.
home-problem-worker_away = The part of the system that sends does not run, so nothing is sent: tell whoever runs the system.
home-problem-passkey_required = WhatsApp asks for the passkey of this account before it links the phone. There is about a minute for it; then it asks again.
home-problem-passkey_confirmation_required = WhatsApp shows a code on the phone: compare it here.
home-problem-sending_forbidden = The program that keeps the connection to WhatsApp does not allow the system to send: tell whoever runs the system. One message is tried again from time to time.
home-problem-sending_unstable = The connection to WhatsApp is lost, or does not answer, whenever something is to be sent: tell whoever runs the system. One message is tried again from time to time.
home-problem-sending_too_fast = The program that keeps the connection to WhatsApp asks for fewer messages. Sending has slowed down; one message is tried again from time to time.
home-problem-sending_rejected = The last messages were rejected, so sending has stopped: tell whoever runs the system. When that is mended, try again.
home-problem-sending_unclear = Nobody knows whether the last messages were sent, so sending has stopped: look at the chats on the phone, and tell whoever runs the system. When all is well, try again.
home-try-again = Try again
said-try_again = One message is tried now; if it is sent, sending goes on.
home-pair = Link the phone
home-link = Link
home-link-again = Link again
home-restart = Restart
home-link-anew = Unlink and link again
home-unlock = Unlock
home-pairing = Phone and connection
home-paused-by = Stopped by { $who } ({ $time }).
home-paused-old-backlog = It stopped by itself because it was disconnected for more than a day: look at what waits in the queue, then resume.
home-paused-restored = It stopped by itself because a backup was restored, and what was sent since is not in it: look in the chats, cancel what has arrived, then resume.
home-paused-operation = It waits while the connection is worked on, then goes on by itself.
home-locked-replies-go-until = WhatsApp has restricted this number: until { $time } only answers to guests who wrote in the last 24 hours leave. From the phone itself you can write as before.
home-locked-replies-go-person = WhatsApp has restricted this number several times: until somebody unlocks it, only answers to guests who wrote in the last 24 hours leave. From the phone itself you can write as before.
home-locked-all-until = WhatsApp has restricted this number: to be safe, nothing leaves until { $time }, not even answers. From the phone itself you can write as before.
home-locked-all-person = WhatsApp has restricted this number several times: nothing leaves until somebody unlocks it, not even answers. From the phone itself you can write as before.
home-locked-banned = WhatsApp may have restricted or banned this number: nothing leaves. Look at WhatsApp on the phone and do what it says; when it works there again, unlock here.
home-locked-refused-until = WhatsApp has refused messages to several guests: to be safe, nothing leaves until { $time }, not even answers. From the phone itself you can write as before.
home-locked-refused-person = WhatsApp has refused messages to several guests again and again: nothing leaves until somebody unlocks the number, not even answers. From the phone itself you can write as before.
home-warns-receipts = { $n ->
    [one] One message that left has no confirmation at all yet ({ $time }).
   *[other] { $n } messages that left have no confirmation at all yet (the first: { $time }).
}
home-warns-unread = { $n ->
    [one] One chat cannot be read, since { $time }: what was written there may be missing here.
   *[other] { $n } chats cannot be read, the first since { $time }: what was written there may be missing here.
}
home-warns-number = Another number is linked ({ $time }): guests have to write to it before anything leaves. Share their invitations again, and print the QR codes anew.
home-warns-first_warning = WhatsApp has warned that this number sends too many messages: until { $time } half as many leave. Your answers are not slowed down.
home-warns-second_warning = WhatsApp has warned a second time that this number sends too many messages: until { $time } half as many leave. Your answers are not slowed down.
home-warns-capped = WhatsApp has capped the messages of this number: announcements wait until { $time }, and half as many other messages leave.
home-warns-new-number = This number is new here: for the first days only half as many messages leave.
home-everybody-by = Everybody who has written will have it by { $time }.
home-meter-hour = In the last hour
home-meter-day = In the last 24 hours
home-meter = { $used } of { $limit }
home-meter-besides = { $n ->
    [one] and one answer that you wrote
   *[other] and { $n } answers that you wrote
}
home-unlock-title = Unlock the number?
home-unlock-why = WhatsApp has restricted the number of { $person }. Usually that happens when too many people get messages they do not expect.
home-unlock-cost = If you go on too early, WhatsApp can close the number for ever, with all its chats. The safest thing is to wait.
home-unlock-really = Unlock it all the same
home-unlock-not = Rather wait
home-not-locked = This number is not locked.
home-decide = Decide
home-needs-going-cold = { $n ->
    [one] One guest wrote so long ago that by the wedding you can reach them only slowly.
   *[other] { $n } guests wrote so long ago that by the wedding you can reach them only slowly.
}
home-going-cold-title = Ask them for a word now
home-going-cold-hint = These guests wrote long ago. Ask them to send you a message, even “ciao”: then your news can still reach all of them at once in the days before the wedding.
home-needs-undelivered = { $n ->
    [one] One guest may not be getting your messages.
   *[other] { $n } guests may not be getting your messages.
}
home-undelivered-title = Not delivered
home-undelivered-hint = For these messages there is no receipt, while other guests got theirs later: the phone may be off, or WhatsApp does not deliver them. Ask these guests in another way. A guest leaves this list when a message reaches them, when they write or react, or when you say that you know.
home-undelivered-known = I know
home-undelivered-on = Sent from the phone of { $person }, { $time }
home-needs-unreadable = { $n ->
    [one] One guest wrote something that can be read on the phone only.
   *[other] { $n } guests wrote something that can be read on the phone only.
}
home-needs-phones = { $n ->
    [one] A phone came in by a family’s code: say whose it is.
   *[other] { $n } phones came in by a family’s code: say whose they are.
}
home-phones-title = Whose phone is this?
home-phones-hint = These phones wrote with a family’s code, and it is not known whose they are.
home-needs-unconfirmed = { $n ->
    [one] One person had been mixed up with your own number: say whether it is the right one.
   *[other] { $n } people had been mixed up with your own number: say whether they are the right ones.
}
home-unconfirmed-title = Mixed up with your own number
home-unconfirmed-hint = A faulty version of the WhatsApp connection had put several people under your own number. They are apart again, and nothing is sent to them until they write or you confirm them. Read the conversation first; a wrong number or person is corrected in the guest book.
home-unconfirmed-message = A message that waited for one of them: say for whom it is, or cancel it
home-unconfirmed-hidden = Number hidden by WhatsApp
home-unconfirmed-confirm = It is them
home-unreadable-title = To be read on the phone
home-unreadable-hint = WhatsApp did not let us read these messages. Open the chat on the phone; then say that you have seen it.
home-unreadable-on = On the phone of { $person }, { $time }
home-seen-on-phone = Seen on the phone
home-aside-title = Messages that were put aside
home-aside-hint = These messages do not leave by themselves: for each, choose whether to send, change or cancel it.
home-suspended-title = Perhaps they want no more
home-suspended-hint = Read what they wrote and decide whether to go on writing to each of them.
