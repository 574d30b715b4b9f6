guests-title = Guests
guests-add = Add a guest
guests-import = Import a file
guests-cards = QR cards
guests-export = Download the list
guests-search-label = Search the guests
guests-search = Name, household or number
guests-search-button = Search
guests-search-all = Show everybody
guests-any = Of either
guests-any-language = Any
guests-states-label = Show only
guests-count-all = All
guests-count-written = Have written
guests-count-cold = Not for a long time
guests-count-not_written = Have not written yet
guests-count-opted_out = Want no messages
guests-state-written = has written
guests-state-cold = not for a long time
guests-state-not_written = has not written yet
guests-state-opted_out = wants no messages
guests-suspended = may want no more messages
guests-empty = This is where your guests will be. Import the list that you already have, or add the first one by hand.
guests-none-found = No guest fits what you are looking for.
guests-nobody-in-it = There is nobody in this household yet.
guests-open = Open
guests-no-number = no number
guests-pages-label = Pages
guests-first = From the beginning
guests-next = Next
guests-previous = Back
guests-back = Back to the guests
guests-name = Name
guests-phone = Phone number
guests-phone-hint = The one on WhatsApp. You may leave it empty: once they write with their invitation, we will know them.
guests-household = Invited together with
guests-household-hint = The household’s name, such as “The Smiths”: everybody with the same name gets one invitation. Empty if they come alone.
guests-side = Guest of
guests-side-both = Of both
guests-language = Language
guests-usual-language = The usual one
guests-italian = Italian
guests-english = English
guests-wrong-name = Write the name, at most 200 characters.
guests-wrong-phone = This does not look like a whole phone number. Write all of its digits, with the prefix (such as +44) if it is not from your country.
guests-wrong-household = The household’s name may have at most 200 characters.
guests-wrong-side = Choose one of the two of you.
guests-new-title = A new guest
guests-add-button = Add
guests-standing = How things stand
guests-last-wrote = Last wrote:
guests-has-not-written = They have not written yet, so no message leaves for them. Send them their invitation: one tap on its link is enough.
guests-conversation = Open the conversation
guests-their-invitation = See the invitation
guests-change = Change
guests-change-hint = If you change the number, what you wrote to each other stays with the number before.
guests-save = Save
guests-leave = Off the list
guests-leave-hint = Taking somebody off the list leaves what you wrote to each other. Erasing makes that disappear, too.
guests-delete = Take off the list
guests-delete-title = Take off the list?
guests-delete-stays = They are no longer on the guest list. What you wrote to each other stays.
guests-delete-last = They were the last of this household: its invitation goes, too, and its QR code no longer lets anybody onto the list.
guests-delete-button = Yes, take off the list
guests-rather-not = No, go back
guests-who = Who is invited
guests-phones = Phones that came in by the code
guests-phone-by-code = With the code of this invitation:
guests-phone-by-earlier-code = With an earlier code:
guests-phone-by-hand = Added by you.
guests-phone-whose = Whose phone is this? Until you say so, announcements do not go to it.
guests-phone-of = The phone of
guests-phone-everyone = They share this phone
guests-phone-refuse = Not a guest
guests-phone-saved = Saved.
guests-seats = { $n ->
    [0] The code brings in no more phones.
    [one] The code brings in one more phone.
   *[other] The code brings in { $n } more phones.
}
guests-hidden-number = somebody who hides their number
guests-household-name = Name of the household
guests-rename = Change the name
guests-invitation = The invitation
guests-leads-to = Whoever uses it writes to { $person }.
guests-qr-label = QR code of the invitation
guests-qr-png = Download the QR code for a picture or a message
guests-qr-svg = Download the QR code for print
guests-link = Link to the page of the invitation
guests-wa-me = Link that opens the chat at once
guests-copy = Copy
guests-link-hint = Whoever has one of these links is taken for one of this household: send it to nobody else.
guests-tied = First used:
guests-valid-until = Good until:
guests-until = The last day on which it is good
guests-prolong = Change the day
guests-renew = Make a new invitation
guests-renew-title = A new invitation?
guests-renew-new = The present link and QR code are replaced by others: these have to be sent or printed again.
guests-old-paper = Whoever has the old QR code on paper still opens the chat with it, but what they write no longer shows that they are a guest.
guests-who-wrote-stays = Whoever has written already stays a guest as before.
guests-renew-button = Yes, make a new one
guests-revoke = Cancel the invitation
guests-revoke-title = Cancel the invitation?
guests-revoke-gone = The page of the invitation no longer opens, and its code is good for nothing. The people stay on the list.
guests-revoke-button = Yes, cancel it
guests-trouble-invitation_revoked = This invitation is cancelled: make a new one if it is needed.
guests-trouble-invitation_expired = This invitation is over: choose a later day, or make a new one.
guests-trouble-number = The number of { $person } is not linked yet: link that phone first, from the home page.
guests-trouble-number_unknown = No phone is linked yet: link one first, from the home page.
guests-trouble-public_url_missing = The page of the invitation has no address on the internet yet. The QR code works all the same; for the link, ask whoever runs the system to set PUBLIC_URL.
guests-trouble-public_url_unreadable = The address of the invitation’s page cannot be read. The QR code works all the same; for the link, ask whoever runs the system to correct PUBLIC_URL.
guests-trouble-public_url_not_https = The address of the invitation’s page is not secure. The QR code works all the same; for the link, ask whoever runs the system for an https address in PUBLIC_URL.
guests-trouble-public_url_not_public = The address of the invitation’s page only works in your home. The QR code works all the same; for the link, ask whoever runs the system for one on the internet in PUBLIC_URL.
guests-trouble-names = Your names are missing: the invitation works, but does not say whose wedding it is. Write them here:
guests-cards-title = QR cards
guests-cards-hint = One card for each household, on A4 paper: print them, cut them out and put them into the invitations. Only codes that work are printed, and they work also while this server is off.
guests-cards-web = The cards work; only the page on the web does not.
guests-cards-lacking = { $n ->
    [one] { $n } household lacks something
   *[other] { $n } households lack something
}
guests-cards-print = Print
guests-cards-next = The next cards
guests-cards-none = There is no card to print here yet.
guests-card-hint = Scan me and write to us on WhatsApp
guests-export-file = guests
guests-export-name = Name
guests-export-household = Household
guests-export-phone = Phone
guests-export-side = Side
guests-export-language = Language
guests-export-state = State
guests-export-wrote = Last message received
guests-export-groom = groom
guests-export-bride = bride
guests-import-title = Import a file
guests-import-hint = Choose the list that you already have: a spreadsheet (.xlsx or CSV), or the contacts exported from your phone. First we show line by line what would happen; then you decide.
guests-file = File
guests-file-hint = .xlsx, CSV or vCard (.vcf), at most 10 MB.
guests-look = See what would happen
guests-example = What it should look like
guests-example-hint = The first line says what is in the columns; only the name is needed. The same file imported twice changes nothing, and an empty cell takes nothing away.
guests-example-household = The Rossis
guests-lines-title = What would happen
guests-sum = In short
guests-sum-add = { $n ->
    [one] { $n } new guest
   *[other] { $n } new guests
}
guests-sum-update = { $n ->
    [one] { $n } guest changes
   *[other] { $n } guests change
}
guests-sum-unchanged = { $n ->
    [one] { $n } line is on the list as it is
   *[other] { $n } lines are on the list as they are
}
guests-sum-check = { $n ->
    [one] { $n } number has to be checked
   *[other] { $n } numbers have to be checked
}
guests-sum-refused = { $n ->
    [one] { $n } line cannot be imported
   *[other] { $n } lines cannot be imported
}
guests-nothing-yet = So far nothing was imported. The file stays here for a quarter of an hour.
guests-import-all = { $n ->
    [one] Import the line
   *[other] Import all { $n } lines
}
guests-import-good = { $n ->
    [one] Import only the good line
   *[other] Import only the { $n } good lines
}
guests-import-checked = { $n ->
    [one] The number is right: import the line
   *[other] The numbers are right: import { $n } lines
}
guests-check-hint = The numbers to check are not mobile ones, or their prefix is missing. Look at them below: import them if they are right, or correct the file.
guests-all-or-nothing = If you want all or nothing, correct the marked lines in the file and send it again.
guests-another-file = Choose another file
guests-lines = Line by line
guests-lines-shown = { $from } to { $to } of { $all }.
guests-lines-all = Show all lines
guests-lines-refused = Show only the refused ones
guests-lines-check = Show only the numbers to check
guests-line = Line
guests-line-does = What happens
guests-line-add = is added
guests-line-unchanged = is so already
guests-line-update = changes: { $fields }
guests-line-refused = cannot be imported
guests-line-other-phones = not used: { $phones }
guests-field-name = name
guests-field-phone = number
guests-field-side = side
guests-field-language = language
guests-field-household = household
guests-refused-missing_name = The name is missing: write who this is.
guests-refused-too_long = Too long ({ $field }): at most 200 characters. Perhaps a separator is missing.
guests-refused-control_character = There is a line break or an odd character ({ $field }): write it again on one line.
guests-refused-open_quote = A quotation mark opens here and is never closed, so that the rest of the file belongs to this line: close or remove it.
guests-refused-runs_over_lines = Everything from here to line { $line } was read as one: a quotation mark is missing or too many.
guests-refused-extra_cells = There are more cells than columns: put quotation marks around a text that holds the separator, or give the column a name.
guests-refused-unreadable_phone = The phone number cannot be read: write all of its digits, such as 347 000 0001 or +44 7400 123456.
guests-refused-impossible_phone = There is no such phone number: look at its digits and its prefix.
guests-refused-scientific_notation = The spreadsheet has shortened the number (3.9E+11): format the column as text, write the number again and save again.
guests-refused-unknown_language = Unknown language: write it or en, or leave it empty.
guests-refused-same_as_line = Line { $line } is the same person: remove one of the two, or tell their names apart.
guests-refused-outside_card = This text belongs to no contact: export the contacts again, or remove it.
guests-refused-phone_unconfirmed = To check: the number is not a mobile one, or its prefix is missing (such as +44).
guests-refused-cut_off = The file ends in the middle of this contact: export the contacts again.
guests-refused-unknown_side = Whose guest this is cannot be told: write groom or bride, or leave it empty.
guests-erase = Erase everything of this person
guests-erase-title = Erase everything of this person?
guests-erase-goes = What goes
guests-erase-stays = What stays
guests-erase-goes-list = The name and the place on the guest list.
guests-erase-goes-said = { $n ->
    [0] The phone number; you have not written to each other yet.
    [one] The phone number and the message that you wrote to each other, with both of you.
   *[other] The phone number and all { $n } messages that you wrote to each other, with both of you.
}
guests-erase-goes-waiting = { $n ->
    [0] The texts of the messages that were sent from here.
    [one] The texts of the messages that were sent from here; the one that waits is cancelled.
   *[other] The texts of the messages that were sent from here; the { $n } that wait are cancelled.
}
guests-erase-goes-household = Their household on the list, with its invitation: they were the last of it.
guests-erase-stays-shared = The number and the conversation, because { $names } has the same one.
guests-erase-stays-counts = How many messages left and when, without text, number or name: this keeps the limits of WhatsApp.
guests-erase-stays-seal = For a month, an encrypted mark of the number: if you put it on the list again, it does not get the same news twice. If they had asked for no messages, the mark stays, and so does their wish.
guests-erase-stays-phone = The chat on your phones and on theirs: only WhatsApp can delete that one.
guests-erase-stays-backups = The backups made so far: whoever runs the system can delete them.
guests-erase-unknown = When they write again, they will be somebody unknown.
guests-erase-reason = Why
guests-erase-reason-hint = It stays in the log of what was done, so write no names and no numbers. For example: they asked for it.
guests-erase-wrong-reason = Write in a few words why, at most 200 characters.
guests-erase-button = Yes, erase everything
guests-erase-under-way = A message to this person is leaving at this very moment: nothing was erased. Try again in a minute.
guests-erase-in-doubt = Of one message to this person nobody knows whether it arrived: nothing was erased. Decide that first, then try again.
guests-erase-message = See the message
said-guests-erased = Everything of this person was erased.
said-guests-added = The guest is on the list.
said-guests-saved = Saved.
said-guests-deleted = They are no longer on the list.
said-guests-renamed = The name is changed.
said-guests-prolonged = The day is changed.
said-guests-renewed = Here is the new invitation: the one before is no longer good.
said-guests-revoked = The invitation is cancelled.
said-guests-imported = The file is imported.
said-guests-not-imported = Nothing was imported: meanwhile a line is no longer good. See below.
said-guests-file-gone = The file is no longer here: send it again. Nothing was imported.
problem-invalid_guest = Something is wrong with what you wrote, so nothing was changed. Go back and look at it.
problem-invalid_household = Write a name, at most 200 characters.
problem-household_exists = There is a household with this name already: choose another one.
problem-invalid_valid_until = Choose a day that is still to come. If it should no longer be good, cancel the invitation.
problem-no_invitation_in_force = The invitation is cancelled already: make a new one if it is needed.
problem-invitation_revoked = This invitation is cancelled, so it has no code to print.
problem-invitation_expired = This invitation is over, so it has no code to print.
problem-number_unknown = The phone that this invitation leads to is not linked yet, so there is no code to print.
problem-incomplete_body = The file did not arrive whole: try again.
problem-file_too_large = The file is too large: at most 10 MB.
problem-file_too_many_lines = The file has too many lines: at most 50,000.
problem-file_not_text = This file cannot be read: save the spreadsheet as .xlsx or CSV, or export the contacts as vCard.
problem-file_other_spreadsheet = This is no .xlsx spreadsheet: open it with the program that made it and save it as .xlsx or CSV.
problem-file_protected_spreadsheet = This spreadsheet has a password: save it without, as .xlsx or CSV.
problem-file_damaged_spreadsheet = This spreadsheet is damaged: open it and save it again as .xlsx or CSV.
problem-file_spreadsheet_too_large = This spreadsheet holds too much: copy the columns of the guests into a new one, without pictures.
problem-file_empty = The file is empty, or you have chosen none.
problem-file_no_name_column = The first line has no column for the name: write “Name” above the names.
problem-file_open_quote_in_header = A quotation mark in the first line is never closed: remove it.
