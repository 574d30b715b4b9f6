# What can go wrong, by code; the first ones stand for everything else.
problem-not_found = There is nothing here: perhaps it was deleted. Go back and reload the page.
problem-changed_meanwhile = Something changed in the meantime, so nothing was done. Go back, look at it as it is now, and try again.
problem-refused = This cannot be accepted, so nothing was changed. Go back, check what you wrote, and try again.
problem-ours = Something on our side does not work, and perhaps nothing was changed. Try again in a few seconds; if it goes on, tell whoever runs the system.
problem-foreign_form = This form does not come from a page that you opened, or is too old: nothing was changed. Go back, reload the page and try again.
problem-not_for_this_account = Your account may not see this page. Ask the couple.
problem-unknown_host = This page does not answer at this address. Open it at its own address. If this is its address, ask whoever runs the system to write it into PAGE_URL.
problem-signed_out = You are no longer signed in: sign in again.
problem-no_such_link = This link was used already, is too old or is incomplete. Ask whoever sent it for a new one.
problem-database_unavailable = The database does not answer and nothing was changed. Try again in a few seconds.
problem-too_many_tries = Too many tries to sign in with this name. Wait some minutes, or sign in on a phone or a computer on which you have been signed in before.
problem-too_many_sign_ins = Too many people are signing in at this moment. Try again in a few seconds.
problem-disk_full = The server’s disk is full: nothing was saved. Tell whoever runs the system, then try again.
problem-database_busy = Somebody else was changing the same thing in this moment and nothing was changed. Try again.
problem-integration_away = The service that talks to WhatsApp does not answer. Try again in a few seconds.
problem-body_too_slow = It came too slowly: try again over a better connection.
problem-body_too_large = The file is too large: at most 10 MB.
