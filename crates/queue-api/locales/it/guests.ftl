guests-title = Invitati
