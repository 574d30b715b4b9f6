# Ciò che può andare storto, per codice; le ultime valgono per tutto il resto.
problem-not_found = Qui non c’è nulla: forse è stato eliminato. Torna indietro e ricarica la pagina.
problem-changed_meanwhile = Nel frattempo è cambiato qualcosa, quindi non è stato modificato nulla. Torna indietro, guarda com’è adesso e riprova.
problem-refused = La richiesta non si può accettare, quindi non è stato modificato nulla. Torna indietro, controlla ciò che hai scritto e riprova.
problem-ours = Qualcosa non funziona dalla nostra parte e forse non è stato modificato nulla. Riprova tra qualche secondo; se continua, avvisa chi gestisce il sistema.
problem-foreign_form = Questo modulo non viene da una pagina aperta da te, o è troppo vecchio: non è stato modificato nulla. Torna indietro, ricarica la pagina e riprova.
problem-not_for_this_account = Il tuo profilo non può vedere questa pagina. Chiedi agli sposi.
problem-unknown_host = Questa pagina non risponde a questo indirizzo. Aprila al suo indirizzo. Se è questo, chiedi a chi gestisce il sistema di scriverlo in PAGE_URL.
problem-signed_out = Non sei più collegato: entra di nuovo.
problem-no_such_link = Questo link è già stato usato, è troppo vecchio o è incompleto. Chiedine uno nuovo a chi te l’ha mandato.
problem-database_unavailable = La base dati non risponde e non è stato modificato nulla. Riprova tra qualche secondo.
problem-too_many_tries = Troppi tentativi di entrare con questo nome. Aspetta qualche minuto, oppure entra da un telefono o un computer da cui sei già entrato altre volte.
problem-too_many_sign_ins = Stanno entrando in troppi in questo momento. Riprova tra qualche secondo.
problem-disk_full = Il disco del server è pieno: non è stato salvato nulla. Avvisa chi gestisce il sistema, poi riprova.
problem-database_busy = In questo momento qualcun altro stava cambiando la stessa cosa e non è stato modificato nulla. Riprova.
problem-integration_away = Il servizio che parla con WhatsApp non risponde. Riprova tra qualche secondo.
problem-body_too_slow = È arrivato troppo lentamente: riprova con una connessione migliore.
problem-body_too_large = Il file è troppo grande: al massimo 10 MB.
