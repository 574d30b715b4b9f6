guests-title = Invitati
guests-add = Aggiungi un invitato
guests-import = Importa un file
guests-cards = Cartoncini con il QR
guests-export = Scarica l’elenco
guests-search-label = Cerca fra gli invitati
guests-search = Nome, famiglia o numero
guests-search-button = Cerca
guests-search-all = Mostra tutti
guests-any = Di entrambi
guests-any-language = Tutte
guests-states-label = Mostra solo
guests-count-all = Tutti
guests-count-written = Hanno scritto
guests-count-cold = Non scrivono da tanto
guests-count-not_written = Non hanno ancora scritto
guests-count-opted_out = Non vogliono messaggi
guests-state-written = ha scritto
guests-state-cold = non scrive da tanto
guests-state-not_written = non ha ancora scritto
guests-state-opted_out = non vuole messaggi
guests-suspended = forse non vuole più messaggi
guests-empty = Qui ci saranno i vostri invitati. Importa l’elenco che hai già, oppure aggiungi il primo a mano.
guests-none-found = Nessun invitato corrisponde a quello che cerchi.
guests-nobody-in-it = Non c’è ancora nessuno in questa famiglia.
guests-open = Apri la scheda
guests-no-number = senza numero
guests-pages-label = Pagine
guests-first = Dall’inizio
guests-next = Avanti
guests-previous = Indietro
guests-back = Torna agli invitati
guests-name = Nome
guests-phone = Numero di telefono
guests-phone-hint = Quello di WhatsApp. Puoi lasciarlo vuoto: quando scriverà con il suo invito, lo riconosceremo.
guests-household = Invitato insieme a
guests-household-hint = Il nome della famiglia, per esempio “Famiglia Rossi”: chi ha lo stesso nome riceve un solo invito. Vuoto se viene da solo.
guests-side = Da parte di
guests-side-both = Di entrambi
guests-language = Lingua
guests-usual-language = Quella di sempre
guests-italian = italiano
guests-english = inglese
guests-wrong-name = Scrivi il nome, al massimo 200 caratteri.
guests-wrong-phone = Questo non sembra un numero di telefono intero. Scrivilo con tutte le cifre, e con il prefisso (per esempio +44) se non è del vostro paese.
guests-wrong-household = Il nome della famiglia può avere al massimo 200 caratteri.
guests-wrong-side = Scegli uno degli sposi.
guests-new-title = Un nuovo invitato
guests-add-button = Aggiungi
guests-standing = A che punto siamo
guests-last-wrote = Ha scritto l’ultima volta:
guests-has-not-written = Non ha ancora scritto, quindi nessun messaggio parte per questa persona. Mandale il suo invito: basta un tocco sul link.
guests-conversation = Apri la conversazione
guests-their-invitation = Vedi l’invito
guests-change = Modifica
guests-change-hint = Se cambi il numero, quello che vi siete scritti resta con il numero di prima.
guests-save = Salva
guests-leave = Togliere dall’elenco
guests-leave-hint = Togliere dall’elenco lascia al suo posto ciò che vi siete scritti. Cancellare tutto fa sparire anche quello.
guests-delete = Togli dall’elenco
guests-delete-title = Togliere dall’elenco?
guests-delete-stays = Non è più nell’elenco degli invitati. Quello che vi siete scritti resta.
guests-delete-last = Era l’ultima persona di questa famiglia: se ne va anche l’invito, e il suo QR non fa più entrare nessuno nell’elenco.
guests-delete-button = Sì, togli dall’elenco
guests-rather-not = No, torna indietro
guests-who = Chi è invitato
guests-phones = Telefoni entrati con il codice
guests-phone-by-code = Con il codice di questo invito:
guests-phone-by-earlier-code = Con un codice di prima:
guests-phone-by-hand = Aggiunto da voi.
guests-phone-whose = Di chi è questo telefono? Finché non lo dite, gli annunci non gli arrivano.
guests-phone-of = È il telefono di
guests-phone-everyone = Usano lo stesso telefono
guests-phone-refuse = Non è un invitato
guests-phone-saved = Salvato.
guests-seats = { $n ->
    [0] Il codice non fa entrare altri telefoni.
    [one] Il codice fa entrare ancora un telefono.
   *[other] Il codice fa entrare ancora { $n } telefoni.
}
guests-hidden-number = qualcuno che nasconde il suo numero
guests-household-name = Nome della famiglia
guests-rename = Cambia nome
guests-invitation = L’invito
guests-leads-to = Chi lo usa scrive a { $person }.
guests-qr-label = Codice QR dell’invito
guests-qr-png = Scarica il QR per una foto o un messaggio
guests-qr-svg = Scarica il QR per la stampa
guests-link = Link alla pagina dell’invito
guests-wa-me = Link che apre subito la chat
guests-copy = Copia
guests-link-hint = Chi ha uno di questi link viene preso per uno di questa famiglia: mandalo solo a loro.
guests-tied = Usato la prima volta:
guests-valid-until = Vale fino a:
guests-until = Ultimo giorno in cui vale
guests-prolong = Cambia la data
guests-renew = Fai un invito nuovo
guests-renew-title = Un invito nuovo?
guests-renew-new = Il link e il QR di adesso vengono sostituiti da altri: vanno mandati o stampati di nuovo.
guests-old-paper = Chi ha già il vecchio QR su carta apre ancora la chat, ma il suo messaggio non lo fa più riconoscere come invitato.
guests-who-wrote-stays = Chi ha già scritto resta invitato come prima.
guests-renew-button = Sì, fanne uno nuovo
guests-revoke = Annulla l’invito
guests-revoke-title = Annullare l’invito?
guests-revoke-gone = La pagina dell’invito non si apre più e il suo codice non vale più nulla. Le persone restano nell’elenco.
guests-revoke-button = Sì, annullalo
guests-trouble-invitation_revoked = Questo invito è annullato: se serve, fanne uno nuovo.
guests-trouble-invitation_expired = Questo invito è scaduto: spostane la data più avanti, oppure fanne uno nuovo.
guests-trouble-number = Il numero di { $person } non è ancora collegato: collega prima quel telefono, dalla pagina iniziale.
guests-trouble-number_unknown = Nessun telefono è ancora collegato: collegane prima uno, dalla pagina iniziale.
guests-trouble-public_url_missing = La pagina dell’invito non ha ancora un indirizzo su internet. Il QR funziona lo stesso; per il link chiedi a chi gestisce il sistema di impostare PUBLIC_URL.
guests-trouble-public_url_unreadable = L’indirizzo della pagina dell’invito non si capisce. Il QR funziona lo stesso; per il link chiedi a chi gestisce il sistema di correggere PUBLIC_URL.
guests-trouble-public_url_not_https = L’indirizzo della pagina dell’invito non è sicuro. Il QR funziona lo stesso; per il link chiedi a chi gestisce il sistema di usare un indirizzo https in PUBLIC_URL.
guests-trouble-public_url_not_public = L’indirizzo della pagina dell’invito vale solo in casa vostra. Il QR funziona lo stesso; per il link chiedi a chi gestisce il sistema di metterne uno raggiungibile da internet in PUBLIC_URL.
guests-trouble-names = Mancano i vostri nomi: l’invito funziona, ma non dice di chi è il matrimonio. Scrivili qui:
guests-cards-title = Cartoncini con il QR
guests-cards-hint = Un cartoncino per famiglia, su fogli A4: stampali, ritagliali e mettili negli inviti. Vengono stampati solo i codici che funzionano, e funzionano anche quando questo server è spento.
guests-cards-web = I cartoncini funzionano; solo la pagina sul web no.
guests-cards-lacking = { $n ->
    [one] A { $n } famiglia manca qualcosa
   *[other] A { $n } famiglie manca qualcosa
}
guests-cards-print = Stampa
guests-cards-next = I prossimi cartoncini
guests-cards-none = Qui non c’è ancora nessun cartoncino da stampare.
guests-card-hint = Inquadrami e scrivici su WhatsApp
guests-export-file = invitati
guests-export-name = Nome
guests-export-household = Famiglia
guests-export-phone = Telefono
guests-export-side = Lato
guests-export-language = Lingua
guests-export-state = Situazione
guests-export-wrote = Ultimo messaggio ricevuto
guests-export-groom = sposo
guests-export-bride = sposa
guests-import-title = Importa un file
guests-import-hint = Scegli l’elenco che hai già: un foglio di calcolo (.xlsx o CSV), oppure i contatti esportati dal telefono. Prima ti mostriamo riga per riga che cosa succederebbe; poi decidi tu.
guests-file = File
guests-file-hint = .xlsx, CSV o vCard (.vcf), al massimo 10 MB.
guests-look = Guarda che cosa succederebbe
guests-example = Come deve essere fatto
guests-example-hint = La prima riga dice che cosa c’è nelle colonne; serve solo il nome. Importare due volte lo stesso file non cambia nulla, e una cella vuota non cancella nulla.
guests-example-household = Famiglia Rossi
guests-lines-title = Che cosa succederebbe
guests-sum = In breve
guests-sum-add = { $n ->
    [one] { $n } invitato nuovo
   *[other] { $n } invitati nuovi
}
guests-sum-update = { $n ->
    [one] { $n } invitato cambia
   *[other] { $n } invitati cambiano
}
guests-sum-unchanged = { $n ->
    [one] { $n } riga è già così nell’elenco
   *[other] { $n } righe sono già così nell’elenco
}
guests-sum-check = { $n ->
    [one] { $n } numero è da controllare
   *[other] { $n } numeri sono da controllare
}
guests-sum-refused = { $n ->
    [one] { $n } riga non si può importare
   *[other] { $n } righe non si possono importare
}
guests-nothing-yet = Finora non è stato importato nulla. Il file resta qui per un quarto d’ora.
guests-import-all = { $n ->
    [one] Importa la riga
   *[other] Importa tutte le { $n } righe
}
guests-import-good = { $n ->
    [one] Importa solo la riga buona
   *[other] Importa solo le { $n } righe buone
}
guests-import-checked = { $n ->
    [one] Il numero è giusto: importa la riga
   *[other] I numeri sono giusti: importa { $n } righe
}
guests-check-hint = I numeri da controllare non sono di cellulare, o manca il prefisso. Guardali qui sotto: se sono giusti importali così, altrimenti correggi il file.
guests-all-or-nothing = Se vuoi tutto o niente, correggi nel file le righe segnate e caricalo di nuovo.
guests-another-file = Scegli un altro file
guests-lines = Riga per riga
guests-lines-shown = Dalla { $from } alla { $to } di { $all }.
guests-lines-all = Mostra tutte le righe
guests-lines-refused = Mostra solo quelle rifiutate
guests-lines-check = Mostra solo i numeri da controllare
guests-line = Riga
guests-line-does = Che cosa succede
guests-line-add = si aggiunge
guests-line-unchanged = è già così
guests-line-update = cambia: { $fields }
guests-line-refused = non si può importare
guests-line-other-phones = non usati: { $phones }
guests-field-name = il nome
guests-field-phone = il numero
guests-field-side = la parte
guests-field-language = la lingua
guests-field-household = la famiglia
guests-refused-missing_name = Manca il nome: scrivi chi è.
guests-refused-too_long = Troppo lungo ({ $field }): al massimo 200 caratteri. Forse manca un separatore.
guests-refused-control_character = C’è un a capo o un carattere strano ({ $field }): riscrivilo su una riga sola.
guests-refused-open_quote = Qui si apre una virgoletta che non si chiude più, così tutto il resto del file finisce in questa riga: chiudila o toglila.
guests-refused-runs_over_lines = Tutto da qui alla riga { $line } è stato letto come una cosa sola: c’è una virgoletta di troppo o una che manca.
guests-refused-extra_cells = Ci sono più celle che colonne: metti fra virgolette il testo che contiene il separatore, o dai un nome alla colonna.
guests-refused-unreadable_phone = Il numero di telefono non si legge: scrivilo con tutte le cifre, per esempio 347 000 0001 o +44 7400 123456.
guests-refused-impossible_phone = Questo numero di telefono non esiste: controlla le cifre e il prefisso.
guests-refused-scientific_notation = Il foglio di calcolo ha accorciato il numero (3,9E+11): imposta la colonna come testo, riscrivi il numero e salva di nuovo.
guests-refused-unknown_language = Lingua sconosciuta: scrivi it oppure en, o lascia vuoto.
guests-refused-same_as_line = La riga { $line } è la stessa persona: togline una, o distingui i nomi.
guests-refused-outside_card = Questo testo non fa parte di nessun contatto: esporta di nuovo i contatti, o toglilo.
guests-refused-cut_off = Il file finisce a metà di questo contatto: esporta di nuovo i contatti.
guests-refused-phone_unconfirmed = Da controllare: il numero non è di cellulare, o manca il prefisso (per esempio +44).
guests-refused-unknown_side = Non si capisce da parte di chi è: scrivi sposo o sposa, o lascia vuoto.
guests-erase = Cancella tutto di questa persona
guests-erase-title = Cancellare tutto di questa persona?
guests-erase-goes = Che cosa sparisce
guests-erase-stays = Che cosa resta
guests-erase-goes-list = Il nome e il posto nell’elenco degli invitati.
guests-erase-goes-said = { $n ->
    [0] Il numero di telefono; non vi siete ancora scritti nulla.
    [one] Il numero di telefono e il messaggio che vi siete scritti, da tutti e due gli sposi.
   *[other] Il numero di telefono e tutti i { $n } messaggi che vi siete scritti, con tutti e due gli sposi.
}
guests-erase-goes-waiting = { $n ->
    [0] I testi dei messaggi già mandati da qui.
    [one] I testi dei messaggi già mandati da qui; quello che aspetta di partire viene annullato.
   *[other] I testi dei messaggi già mandati da qui; i { $n } che aspettano di partire vengono annullati.
}
guests-erase-goes-household = La sua famiglia nell’elenco, con l’invito: era l’ultima persona.
guests-erase-stays-shared = Il numero e la conversazione, perché li usa anche { $names }.
guests-erase-stays-counts = Quanti messaggi sono partiti e quando, senza testo, numero né nome: serve a non superare i limiti di WhatsApp.
guests-erase-stays-seal = Per un mese, un’impronta cifrata del numero: se lo rimettete in elenco, non riceve due volte la stessa notizia. Se aveva chiesto di non ricevere messaggi, l’impronta resta, e la richiesta vale ancora.
guests-erase-stays-phone = La chat sui vostri telefoni e sul suo: quella puoi cancellarla solo da WhatsApp.
guests-erase-stays-backups = Le copie di sicurezza fatte finora: chi gestisce il sistema può eliminarle.
guests-erase-unknown = Se scriverà di nuovo sarà una persona sconosciuta.
guests-erase-reason = Perché
guests-erase-reason-hint = Resta nel registro di ciò che è stato fatto, quindi non scrivere nomi né numeri. Per esempio: l’ha chiesto.
guests-erase-wrong-reason = Scrivi in poche parole perché, al massimo 200 caratteri.
guests-erase-button = Sì, cancella tutto
guests-erase-under-way = Proprio adesso un messaggio per questa persona sta partendo: non è stato cancellato nulla. Riprova fra un minuto.
guests-erase-in-doubt = Di un messaggio per questa persona non si sa se è arrivato: non è stato cancellato nulla. Decidilo prima, poi riprova.
guests-erase-message = Vedi il messaggio
said-guests-erased = È stato cancellato tutto di questa persona.
said-guests-added = L’invitato è nell’elenco.
said-guests-saved = Salvato.
said-guests-deleted = Non è più nell’elenco.
said-guests-renamed = Il nome è cambiato.
said-guests-prolonged = La data è cambiata.
said-guests-renewed = Ecco l’invito nuovo: quello di prima non vale più.
said-guests-revoked = L’invito è annullato.
said-guests-imported = Il file è importato.
said-guests-not-imported = Non è stato importato nulla: nel frattempo una riga non va più bene. Guarda qui sotto.
said-guests-file-gone = Il file non è più qui: caricalo di nuovo. Non è stato importato nulla.
problem-invalid_guest = Qualcosa non va in quello che hai scritto, quindi non è stato modificato nulla. Torna indietro e controlla.
problem-invalid_household = Scrivi un nome, al massimo 200 caratteri.
problem-household_exists = C’è già una famiglia con questo nome: scegline un altro.
problem-invalid_valid_until = Scegli un giorno che deve ancora venire. Per non farlo più valere, annulla l’invito.
problem-no_invitation_in_force = L’invito è già annullato: se serve, fanne uno nuovo.
problem-invitation_revoked = Questo invito è annullato, quindi non ha un codice da stampare.
problem-invitation_expired = Questo invito è scaduto, quindi non ha un codice da stampare.
problem-number_unknown = Il telefono a cui porta questo invito non è ancora collegato, quindi non c’è un codice da stampare.
problem-incomplete_body = Il file non è arrivato per intero: riprova.
problem-file_too_large = Il file è troppo grande: al massimo 10 MB.
problem-file_too_many_lines = Il file ha troppe righe: al massimo 50.000.
problem-file_not_text = Questo file non si può leggere: salva il foglio di calcolo come .xlsx o CSV, oppure esporta i contatti come vCard.
problem-file_other_spreadsheet = Questo non è un foglio di calcolo .xlsx: aprilo con il suo programma e salvalo come .xlsx o CSV.
problem-file_protected_spreadsheet = Questo foglio di calcolo ha una password: salvalo senza, come .xlsx o CSV.
problem-file_damaged_spreadsheet = Questo foglio di calcolo è rovinato: aprilo e salvalo di nuovo come .xlsx o CSV.
problem-file_spreadsheet_too_large = Questo foglio di calcolo contiene troppe cose: copia le colonne degli invitati in uno nuovo, senza immagini.
problem-file_empty = Il file è vuoto, o non ne hai scelto nessuno.
problem-file_no_name_column = Nella prima riga non c’è una colonna con il nome: scrivi “Nome” sopra i nomi.
problem-file_open_quote_in_header = Nella prima riga c’è una virgoletta che non si chiude: toglila.
