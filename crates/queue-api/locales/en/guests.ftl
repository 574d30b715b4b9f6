guests-title = Guests
