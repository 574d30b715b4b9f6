conversations-title = Conversations
