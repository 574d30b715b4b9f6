# The same news to many guests.
broadcasts-title = News
broadcasts-write = Write news
broadcasts-empty = There is no news yet. Write some: before it goes you will see the exact text for every guest.
broadcasts-older = Older
broadcasts-draft-hint = This is a draft: nothing has left yet.
broadcasts-progress = { $all ->
    [one] { $sent } of { $all } message sent
   *[other] { $sent } of { $all } messages sent
}
broadcasts-new = New news
broadcasts-edit = Edit
broadcasts-name = Title
broadcasts-name-hint = For you only: guests do not see it.
broadcasts-text = Text
broadcasts-text-hint = For each guest it can say:
broadcasts-hint-name = the name, or the names of those who share the phone
broadcasts-hint-first-name = the first name only
broadcasts-hint-household = the family’s name
broadcasts-hint-choice = one of the two words, always the same one for the same person
broadcasts-whom = To whom
broadcasts-side = Guests
broadcasts-everybody = Everybody
broadcasts-side-of = Of { $who }
broadcasts-language = Language
broadcasts-any-language = Any
broadcasts-wrote = Who has written
broadcasts-wrote-any = Everybody, also those who have not written yet
broadcasts-wrote-has_written = Only those who have written
broadcasts-wrote-has_not_written = Only those who have not written yet
broadcasts-wrote-gone_cold = Only those who have not written for long
broadcasts-search = Only those with this in their name, family or number
broadcasts-session = Who writes to those who are neither’s guests
broadcasts-session-hint = The others hear from the spouse whose guests they are.
broadcasts-not-before = Not before (optional)
broadcasts-not-after = Not after
broadcasts-not-after-hint = What has not left by then is cancelled: news never comes late.
broadcasts-look = Save and see who gets what
broadcasts-leave = Go back
broadcasts-bad-template = Something in the text does not fit: braces must be closed, and only name, first_name, household or an alternative with a bar may stand in them. For a real brace write two.
broadcasts-bad-title = Write a title, at most 200 characters.
broadcasts-bad-time = The times do not fit: the end must be in the future and after the beginning.
broadcasts-bad-side = Choose one of the spouses.
broadcasts-bad-audience = The search does not fit: at most 200 characters.
broadcasts-summary = In short
broadcasts-count = { $n ->
    [one] One person gets it.
   *[other] { $n } people get it.
}
broadcasts-count-waits = { $n ->
    [one] One has not written yet: that message waits until they do.
   *[other] { $n } have not written yet: their messages wait until they do.
}
broadcasts-until = What has not left by { $time } is cancelled.
broadcasts-broken = { $n ->
    [one] Of one person something is missing that the text asks for: it cannot start so. Add it to the guest list, take it out of the text, or leave that person out.
   *[other] Of { $n } people something is missing that the text asks for: it cannot start so. Add it to the guest list, take it out of the text, or leave those people out.
}
broadcasts-start = Send
broadcasts-try = Try it on a phone of yours
broadcasts-delete = Delete the draft
broadcasts-who-gets-it = Who gets what
broadcasts-nobody = Nobody would get it. Change whom it is for, or add guests with their numbers.
broadcasts-from = from { $who }
broadcasts-waits = waits until they write
broadcasts-cold = has not written for long
broadcasts-cannot = something is missing
broadcasts-missing-value = Of this person { $placeholder } is missing: add it to the guest list or take it out of the text.
broadcasts-empty-text = For this person the text is empty or becomes too long.
broadcasts-leave-out = Leave out
broadcasts-leave-out-name = Leave out { $name }
broadcasts-take-back = Take back in
broadcasts-take-back-name = Take back in { $name }
broadcasts-left-out = Who does not get it
broadcasts-left-out-excluded = left out by you
broadcasts-left-out-no_number = has no number
broadcasts-left-out-opted_out = asked for no more messages
broadcasts-left-out-suspended = may have asked for no more: decide in the conversation
broadcasts-left-out-has_copy = has their message already
broadcasts-left-out-shares_phone = shares the phone of somebody who gets it
broadcasts-without-copy = Who has no message
broadcasts-advice-plain_http_link = The link { $link } begins with http: WhatsApp distrusts that. If the site has https, write that.
broadcasts-advice-shortened_link = The link { $link } is shortened and hides where it leads, as spam does. Write the whole address.
broadcasts-advice-long_first_message = { $n ->
    [one] For one person it is the first message, and it is long: better begin with a short one.
   *[other] For { $n } people it is the first message, and it is long: better begin with a short one.
}
broadcasts-advice-no_name = It says nobody’s name, so the messages are all alike. Add the name.
broadcasts-state-draft = draft
broadcasts-state-started = under way
broadcasts-state-paused = paused
broadcasts-state-cancelled = cancelled
broadcasts-state-done = done
broadcasts-standing = How it stands
broadcasts-pending = Waiting
broadcasts-pending-unwritten = { $n ->
    [one] one person has not written yet
   *[other] { $n } people have not written yet
}
broadcasts-composing = Leaving
broadcasts-sent = Sent
broadcasts-delivered = Delivered
broadcasts-read = Read
broadcasts-failed = Failed
broadcasts-uncertain = To be decided
broadcasts-cancelled = Cancelled
broadcasts-pause = Pause
broadcasts-resume = Go on
broadcasts-cancel = Cancel the rest
broadcasts-copies = See the messages
broadcasts-start-means = They leave slowly, one at a time, at the hours and within the limits of the settings. You may close this page: nothing is lost.
broadcasts-start-now = { $n ->
    [one] Yes, send to one person
   *[other] Yes, send to { $n } people
}
broadcasts-cancel-means = { $n ->
    [one] One message has not left yet: it is cancelled for good. What has arrived stays.
   *[other] { $n } messages have not left yet: they are cancelled for good. What has arrived stays.
}
broadcasts-cancel-now = Yes, cancel the rest
broadcasts-delete-means = The draft is deleted. Nothing had left.
broadcasts-delete-now = Yes, delete
broadcasts-try-means = One of you gets the message as a guest would, to look at it on a real phone. That phone must have written first, like everybody.
broadcasts-try-nobody = None of the guests has written yet. Put yourselves on the list with your own number, write a word to the other one’s number, and try again.
broadcasts-try-of = The message of
broadcasts-try-to = send it to
broadcasts-try-now = Send the trial
said-saved = Saved.
said-deleted = Deleted.
said-news-started = Started: the messages are in the queue.
said-news-started-before = It had been started before: nothing was added.
said-paused-news = Paused: nothing more leaves until you go on.
said-resumed-news = It goes on.
said-cancelled-news = The rest is cancelled.
said-tried = The trial is in the queue: look at the phone.
problem-not_a_draft = It has been started: news that is under way cannot be changed. You can cancel the rest and write new news.
problem-wrong_broadcast_state = As it stands now that cannot be done. Go back and look at it.
problem-broadcast_expired = The moment by which it had to leave has passed. Edit it and choose a new end.
problem-nobody_to_write_to = There is nobody who could get it. Change whom it is for.
problem-missing_values = Of somebody something is missing that the text asks for, so nothing has left. Go back: it says of whom.
problem-not_in_audience = That person does not get this news: choose one of the list.
problem-contact_has_not_written = That phone has not written yet: send a word from it to one of your numbers first, then try again.
problem-contact_opted_out = That person asked for no more messages: choose another.
wait-broadcast_paused = The news is paused.
ends-resume_broadcast = It goes when you let the news go on.
broadcasts-rehearsal = What will happen on the number of { $who }
broadcasts-last = { $n ->
    [one] The one who has written will have it by { $time }.
   *[other] The last of the { $n } who have written will have it by { $time }. Answers that you write in between go first.
}
broadcasts-last-cold = { $n ->
    [one] One person has not written for long and will have it by { $time }.
   *[other] { $n } have not written for long. Only some of these get a message each day, so the last will have it by { $time }.
}
broadcasts-last-unanswered = { $n ->
    [one] One person has not answered the last messages and will have it by { $time }, or as soon as they write or react.
   *[other] { $n } have not answered the last messages. The last of these will have it by { $time }, each as soon as they write or react.
}
broadcasts-too-late = { $n ->
    [one] One person would not get it before { $time }:
   *[other] { $n } would not get it before { $time }:
}
broadcasts-help = What helps:
broadcasts-help-word = Ask them to write you a word now: that ends their wait.
broadcasts-help-cold = Raise “Silent people a day” in the settings.
broadcasts-help-day = Raise “Messages a day” in the settings, or leave somebody out.
broadcasts-help-restricted = { $reason } Leave your own limits as they are: raising them does not help before { $time }.
broadcasts-held = { $n ->
    [one] One person would not get it until one of you acts:
   *[other] { $n } would not get it until one of you acts:
}
broadcasts-help-end = Choose a later end.
broadcasts-help-call = Call them.
broadcasts-after-wedding = { $n ->
    [one] One person would get it only after the wedding:
   *[other] { $n } would get it only after the wedding:
}
broadcasts-day = { $n ->
    [one] one message
   *[other] { $n } messages
}
broadcasts-order = In which order and about when
broadcasts-nothing-leaves = For now nothing leaves by itself: nobody has written yet, or sending is stopped.
