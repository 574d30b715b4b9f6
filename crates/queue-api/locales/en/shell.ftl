# What is around every page.
shell-name = Our wedding
shell-skip = Skip to the content
shell-navigation = Sections
shell-home = Home
shell-queue = Queue
shell-conversations = Conversations
shell-guests = Guests
shell-broadcasts = News
shell-settings = Settings
shell-signed-in-as = Your profile: { $name }
shell-sign-out = Sign out
shell-groom = the groom
shell-bride = the bride
refusal-title = That did not work
refusal-code = Code, for whoever runs the system: { $code }
refusal-home = Back to the start
said-password = The new password is saved: sign in with it.
