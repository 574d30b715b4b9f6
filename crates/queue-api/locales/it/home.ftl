home-title = Come va
home-sending = Invio dei messaggi
home-stop = Ferma tutto adesso
home-stop-hint = Ferma subito l’invio da tutti i numeri, anche ciò che si sta scrivendo in questo momento. Nulla va perso: si riprende con un tocco.
home-all-stopped = L’invio è fermo: non parte nulla finché qualcuno non lo fa riprendere.
home-not-all-stopped = L’invio non è più tutto fermo: qualcuno lo ha fatto riprendere.
home-resume = Riprendi l’invio
home-resume-one = Riprendi
said-resumed = L’invio è ripreso.
said-unlocked = Il numero è sbloccato.
home-stopped-title = Tutto fermo
home-stopped-left-title = Che cosa era già partito
home-stopped-nothing-left = Niente: nessun messaggio era in viaggio.
home-stopped-left = { $n ->
    [one] Un messaggio era già partito e può ancora arrivare.
   *[other] { $n } messaggi erano già partiti e possono ancora arrivare.
}
home-somebody = Qualcuno
home-gone-pending = tornato in coda
home-gone-composing = in scrittura
home-gone-sending = in partenza
home-gone-sent = inviato
home-gone-failed = non riuscito
home-gone-uncertain = forse arrivato
home-gone-cancelled = annullato
home-needs = Serve una mano
home-needs-nothing = Nulla da fare: va tutto da sé.
home-needs-card = Guarda qui sotto: uno dei numeri ha bisogno di te.
home-look = Guarda
home-needs-uncertain = { $n ->
    [one] Di un messaggio di { $person } non si sa se è arrivato.
   *[other] Di { $n } messaggi di { $person } non si sa se sono arrivati.
}
home-needs-failed = { $n ->
    [one] Un messaggio di { $person } non è partito.
   *[other] { $n } messaggi di { $person } non sono partiti.
}
home-needs-aside = { $n ->
    [one] Un messaggio di { $person } è stato messo da parte.
   *[other] { $n } messaggi di { $person } sono stati messi da parte.
}
home-needs-suspended = { $n ->
    [one] Una persona forse ha chiesto di non ricevere altro.
   *[other] { $n } persone forse hanno chiesto di non ricevere altro.
}
home-needs-writers = { $n ->
    [one] Ti ha scritto qualcuno che non è tra gli invitati.
   *[other] Ti hanno scritto { $n } persone che non sono tra gli invitati.
}
home-needs-many-writers = Ti hanno scritto più di { $n } persone che non sono tra gli invitati.
home-needs-room = Il disco del server è pieno: non si può salvare né far partire nulla. Avvisa chi gestisce il sistema.
home-check-again = Controlla di nuovo
home-needs-unlock = WhatsApp ha limitato il numero di { $person }.
home-needs-old-backlog = Il numero di { $person } è stato scollegato per più di un giorno: guarda che cosa aspetta prima di farlo ripartire.
home-needs-restored = È stata ripristinata una copia di sicurezza, che non sa che cosa è partito dopo: guarda nelle chat di { $person } prima di far partire quello che aspetta.
home-needs-receipts = WhatsApp non conferma ciò che parte dal numero di { $person }: guarda sul telefono se i messaggi ci sono.
home-needs-unread = Alcune chat di { $person } non si riescono a leggere: guarda sul telefono se gli invitati hanno scritto.
home-phones = I vostri WhatsApp
home-own = Collegato come
home-since = Da quando
home-badge-connected = Collegato
home-badge-qr = Da collegare
home-badge-connecting = Si sta collegando
home-badge-disconnected = Scollegato
home-badge-failed = Va collegato di nuovo
home-state-qr = Il telefono va collegato: ci vuole un minuto.
home-state-connecting = Si sta collegando a WhatsApp: aspetta. Se dura più di tre minuti premi «Collega», che lo riavvia.
home-state-disconnected = Non è in funzione: premi «Collega».
home-state-failed = WhatsApp ha chiuso il collegamento e non dice perché. Guarda prima WhatsApp sul telefono: finché mostra una limitazione o un blocco, non collegarlo. Altrimenti premi «Collega di nuovo».
home-problem-waha_away = Il programma che tiene il collegamento con WhatsApp non risponde: avvisa chi gestisce il sistema.
home-problem-key_refused = Il programma che tiene il collegamento con WhatsApp rifiuta la chiave: avvisa chi gestisce il sistema.
home-problem-session_missing = Il collegamento si è fermato. Riparte da sé entro qualche minuto; il pulsante lo avvia subito.
home-problem-codes_used_up = I codici sono scaduti prima che un telefono ne inquadrasse uno. Premi il pulsante per averne altri.
home-problem-unlinked = Il telefono è stato scollegato. Premi il pulsante, poi collega di nuovo il telefono.
home-problem-restricted = WhatsApp potrebbe aver limitato o bloccato questo numero. Non inquadrare niente: guarda WhatsApp sul telefono e fai ciò che dice. Quando lì funziona di nuovo, scollega qui il telefono, poi ricollegalo.
home-problem-client_outdated = WhatsApp non accetta più il programma che tiene il collegamento (WAHA { $server }): chi gestisce il sistema deve passare a { $image } o a una versione più recente (su ARM: docs/waha.md).
home-problem-store_off = I messaggi già arrivati non si possono rileggere, e quelli persi non si ritrovano: scollega il telefono e collegalo di nuovo.
home-problem-too_old = Il programma che tiene il collegamento con WhatsApp (WAHA { $server }) è troppo vecchio, e non parte niente: chi gestisce il sistema deve passare a { $image } (su ARM: docs/waha.md).
home-problem-known_bad = Questa versione del programma che tiene il collegamento con WhatsApp (WAHA { $server }) prende ciò che scrivi dal telefono per messaggi al tuo stesso numero. L’invio continua; chi gestisce il sistema deve passare a { $image } (su ARM: docs/waha.md).
home-problem-version_unknown = Il programma che tiene il collegamento con WhatsApp (WAHA) non dice quale versione è, e i suoi difetti non si conoscono. L’invio continua; avvisa chi gestisce il sistema.
home-problem-same_number = Questo numero è collegato qui due volte, e non parte niente: scollegalo da una parte, poi collega lì il telefono giusto.
home-problem-worker_away = La parte del sistema che invia non è in funzione, e non parte niente: avvisa chi gestisce il sistema.
home-problem-passkey_required = WhatsApp chiede la passkey di questo account prima di collegare il telefono. C’è circa un minuto; poi chiede di nuovo.
home-problem-passkey_confirmation_required = WhatsApp mostra un codice sul telefono: confrontalo qui.
home-problem-sending_forbidden = Il programma che tiene il collegamento con WhatsApp non permette al sistema di inviare: avvisa chi gestisce il sistema. Ogni tanto viene riprovato un messaggio.
home-problem-sending_unstable = Il collegamento con WhatsApp cade, o non risponde, ogni volta che deve partire qualcosa: avvisa chi gestisce il sistema. Ogni tanto viene riprovato un messaggio.
home-problem-sending_too_fast = Il programma che tiene il collegamento con WhatsApp chiede meno messaggi. L’invio ha rallentato; ogni tanto viene riprovato un messaggio.
home-problem-sending_rejected = Gli ultimi messaggi sono stati rifiutati, quindi l’invio è fermo: avvisa chi gestisce il sistema. Quando è risolto, riprova.
home-problem-sending_unclear = Degli ultimi messaggi non si sa se sono partiti, quindi l’invio è fermo: guarda le chat sul telefono e avvisa chi gestisce il sistema. Quando va tutto bene, riprova.
home-try-again = Riprova
said-try_again = Adesso viene riprovato un messaggio: se parte, l’invio riprende.
home-pair = Collega il telefono
home-link = Collega
home-link-again = Collega di nuovo
home-restart = Riavvia
home-link-anew = Scollega e ricollega
home-unlock = Sblocca
home-pairing = Telefono e collegamento
home-paused-by = Fermato da { $who } ({ $time }).
home-paused-old-backlog = Fermo da solo, perché è stato scollegato per più di un giorno: guarda in coda che cosa aspetta, poi fallo ripartire.
home-paused-restored = Fermo da solo, perché è stata ripristinata una copia di sicurezza, che non sa che cosa è partito dopo: guarda nelle chat, annulla quello che è arrivato, poi fallo ripartire.
home-paused-operation = Aspetta mentre si lavora al collegamento, poi riprende da sé.
home-locked-replies-go-until = WhatsApp ha limitato questo numero: fino a { $time } partono solo le risposte a chi ha scritto nelle ultime 24 ore. Dal telefono potete scrivere come prima.
home-locked-replies-go-person = WhatsApp ha limitato questo numero più volte: finché qualcuno non lo sblocca partono solo le risposte a chi ha scritto nelle ultime 24 ore. Dal telefono potete scrivere come prima.
home-locked-all-until = WhatsApp ha limitato questo numero: per prudenza fino a { $time } non parte nulla, nemmeno le risposte. Dal telefono potete scrivere come prima.
home-locked-all-person = WhatsApp ha limitato questo numero più volte: finché qualcuno non lo sblocca non parte nulla, nemmeno le risposte. Dal telefono potete scrivere come prima.
home-locked-banned = Forse WhatsApp ha limitato o bloccato questo numero: non parte nulla. Guardate WhatsApp sul telefono e fate quello che dice; quando lì funziona di nuovo, sbloccate qui.
home-locked-refused-until = WhatsApp ha rifiutato messaggi a più invitati: per prudenza fino a { $time } non parte nulla, nemmeno le risposte. Dal telefono potete scrivere come prima.
home-locked-refused-person = WhatsApp ha rifiutato più volte messaggi a più invitati: finché qualcuno non sblocca il numero non parte nulla, nemmeno le risposte. Dal telefono potete scrivere come prima.
home-warns-receipts = { $n ->
    [one] Un messaggio partito non ha ancora nessuna conferma ({ $time }).
   *[other] { $n } messaggi partiti non hanno ancora nessuna conferma (dal primo: { $time }).
}
home-warns-unread = { $n ->
    [one] Una chat non si riesce a leggere ({ $time }): qui può mancare ciò che vi è stato scritto.
   *[other] { $n } chat non si riescono a leggere (la prima: { $time }): qui può mancare ciò che vi è stato scritto.
}
home-warns-number = È collegato un altro numero ({ $time }): prima che parta qualcosa gli invitati devono scrivere a questo. Condividete di nuovo gli inviti e ristampate i codici QR.
home-warns-first_warning = WhatsApp ha avvertito che da questo numero partono troppi messaggi: fino a { $time } ne parte la metà. Le vostre risposte non rallentano.
home-warns-second_warning = WhatsApp ha avvertito una seconda volta che da questo numero partono troppi messaggi: fino a { $time } ne parte la metà. Le vostre risposte non rallentano.
home-warns-capped = WhatsApp ha messo un tetto ai messaggi di questo numero: gli annunci aspettano fino a { $time }, e degli altri messaggi ne parte la metà.
home-warns-new-number = Numero nuovo qui: nei primi giorni parte solo la metà dei messaggi.
home-everybody-by = Tutti quelli che hanno scritto avranno il messaggio entro { $time }.
home-meter-hour = Nell’ultima ora
home-meter-day = Nelle ultime 24 ore
home-meter = { $used } su { $limit }
home-meter-besides = { $n ->
    [one] più una risposta scritta da voi
   *[other] più { $n } risposte scritte da voi
}
home-unlock-title = Sbloccare il numero?
home-unlock-why = WhatsApp ha limitato il numero di { $person }. Di solito succede quando troppe persone ricevono messaggi che non aspettano.
home-unlock-cost = Se riparti troppo presto, WhatsApp può chiudere il numero per sempre, con tutte le sue chat. La cosa più sicura è aspettare.
home-unlock-really = Sblocca lo stesso
home-unlock-not = Meglio aspettare
home-not-locked = Questo numero non è bloccato.
home-decide = Decidi
home-needs-going-cold = { $n ->
    [one] Un invitato ha scritto tanto tempo fa: per il matrimonio lo raggiungerete solo con lentezza.
   *[other] { $n } invitati hanno scritto tanto tempo fa: per il matrimonio li raggiungerete solo con lentezza.
}
home-going-cold-title = Chiedete una parola adesso
home-going-cold-hint = Questi invitati hanno scritto tanto tempo fa. Chiedete loro di mandarvi un messaggio, anche solo «ciao»: così le vostre notizie li raggiungono ancora subito, nei giorni prima del matrimonio.
home-needs-undelivered = { $n ->
    [one] A un invitato forse non arrivano i vostri messaggi.
   *[other] A { $n } invitati forse non arrivano i vostri messaggi.
}
home-undelivered-title = Non consegnati
home-undelivered-hint = Di questi messaggi manca la conferma di consegna, mentre agli altri sono arrivati più tardi: forse il telefono è spento, o WhatsApp non li consegna. Sentite questi invitati in un altro modo. Un invitato lascia questa lista quando un messaggio gli arriva, quando scrive o reagisce, o quando dite che lo sapete.
home-undelivered-known = Lo so
home-undelivered-on = Inviato dal telefono di { $person }, { $time }
home-needs-unreadable = { $n ->
    [one] Un invitato ha scritto qualcosa che si legge solo dal telefono.
   *[other] { $n } invitati hanno scritto qualcosa che si legge solo dal telefono.
}
home-needs-phones = { $n ->
    [one] Un telefono è entrato con il codice di una famiglia: dite di chi è.
   *[other] { $n } telefoni sono entrati con il codice di una famiglia: dite di chi sono.
}
home-phones-title = Di chi è questo telefono?
home-phones-hint = Questi telefoni hanno scritto con il codice di una famiglia, e non si sa di chi sono.
home-needs-unconfirmed = { $n ->
    [one] Una persona era stata confusa con il vostro numero: dite se è quella giusta.
   *[other] { $n } persone erano state confuse con il vostro numero: dite se sono quelle giuste.
}
home-unconfirmed-title = Confusi con il vostro numero
home-unconfirmed-hint = Una versione difettosa del collegamento a WhatsApp aveva messo più persone sotto il vostro numero. Ora sono di nuovo separate, e non ricevono niente finché non scrivono o non le confermate. Leggete prima la conversazione; un numero o una persona sbagliati si correggono fra gli invitati.
home-unconfirmed-message = Un messaggio che aspettava una di loro: dite per chi è, o annullatelo
home-unconfirmed-hidden = Numero nascosto da WhatsApp
home-unconfirmed-confirm = È la persona giusta
home-unreadable-title = Da leggere sul telefono
home-unreadable-hint = WhatsApp non ci ha lasciato leggere questi messaggi. Apri la chat sul telefono; poi di’ che l’hai vista.
home-unreadable-on = Sul telefono di { $person }, { $time }
home-seen-on-phone = Visto sul telefono
home-aside-title = Messaggi messi da parte
home-aside-hint = Questi messaggi non partono da soli: per ciascuno scegli se inviarlo, cambiarlo o annullarlo.
home-suspended-title = Forse non vogliono altro
home-suspended-hint = Leggi che cosa hanno scritto e decidi se continuare a scrivere a ciascuno.
