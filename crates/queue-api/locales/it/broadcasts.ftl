# Le stesse notizie a tanti invitati.
broadcasts-title = Notizie
broadcasts-write = Scrivi una notizia
broadcasts-empty = Non c’è ancora nessuna notizia. Scrivine una: prima di inviarla vedrai il testo esatto per ogni invitato.
broadcasts-older = Più vecchie
broadcasts-draft-hint = È una bozza: non è ancora partito niente.
broadcasts-progress = { $all ->
    [one] { $sent } messaggio inviato su { $all }
   *[other] { $sent } messaggi inviati su { $all }
}
broadcasts-new = Una nuova notizia
broadcasts-edit = Modifica
broadcasts-name = Titolo
broadcasts-name-hint = Solo per voi: gli invitati non lo vedono.
broadcasts-text = Testo
broadcasts-text-hint = Per ogni invitato puoi far scrivere:
broadcasts-hint-name = il nome, oppure i nomi di chi condivide il telefono
broadcasts-hint-first-name = solo il nome di battesimo
broadcasts-hint-household = il nome della famiglia
broadcasts-hint-choice = una delle due parole, per la stessa persona sempre la stessa
broadcasts-whom = A chi
broadcasts-side = Invitati
broadcasts-everybody = Tutti
broadcasts-side-of = Di { $who }
broadcasts-language = Lingua
broadcasts-any-language = Tutte
broadcasts-wrote = Chi ha scritto
broadcasts-wrote-any = Tutti, anche chi non ha ancora scritto
broadcasts-wrote-has_written = Solo chi ha già scritto
broadcasts-wrote-has_not_written = Solo chi non ha ancora scritto
broadcasts-wrote-gone_cold = Solo chi non scrive da tempo
broadcasts-search = Solo chi ha questo nel nome, nella famiglia o nel numero
broadcasts-session = Chi scrive a chi non è di nessuno dei due
broadcasts-session-hint = Agli altri scrive lo sposo di cui sono invitati.
broadcasts-not-before = Non prima di (facoltativo)
broadcasts-not-after = Non dopo
broadcasts-not-after-hint = Ciò che non è partito entro quel momento viene annullato: una notizia non arriva mai in ritardo.
broadcasts-look = Salva e guarda chi riceve cosa
broadcasts-leave = Torna indietro
broadcasts-bad-template = Nel testo qualcosa non torna: le parentesi graffe vanno chiuse e dentro può stare solo name, first_name, household o un’alternativa con la barra. Per una parentesi vera scrivine due.
broadcasts-bad-title = Scrivi un titolo, al massimo 200 caratteri.
broadcasts-bad-time = Gli orari non vanno bene: la fine dev’essere nel futuro e dopo l’inizio.
broadcasts-bad-side = Scegli uno dei due sposi.
broadcasts-bad-audience = La ricerca non va bene: al massimo 200 caratteri.
broadcasts-summary = In breve
broadcasts-count = { $n ->
    [one] Lo riceve una persona.
   *[other] Lo ricevono { $n } persone.
}
broadcasts-count-waits = { $n ->
    [one] Una non ha ancora scritto: il suo messaggio aspetta che lo faccia.
   *[other] { $n } non hanno ancora scritto: i loro messaggi aspettano che lo facciano.
}
broadcasts-until = Ciò che non è partito entro { $time } viene annullato.
broadcasts-broken = { $n ->
    [one] A una persona manca un dato che il testo chiede: così non può partire. Aggiungilo tra gli invitati, toglilo dal testo o togli la persona.
   *[other] A { $n } persone manca un dato che il testo chiede: così non può partire. Aggiungilo tra gli invitati, toglilo dal testo o togli le persone.
}
broadcasts-start = Invia
broadcasts-try = Prova su un tuo telefono
broadcasts-delete = Elimina la bozza
broadcasts-who-gets-it = Chi riceve cosa
broadcasts-nobody = Così non lo riceve nessuno. Cambia a chi è rivolto, o aggiungi gli invitati con il loro numero.
broadcasts-from = da { $who }
broadcasts-waits = aspetta che scriva
broadcasts-cold = non scrive da tempo
broadcasts-cannot = manca qualcosa
broadcasts-missing-value = Di questa persona manca { $placeholder }: scrivilo tra gli invitati o toglilo dal testo.
broadcasts-empty-text = Per questa persona il testo resta vuoto o diventa troppo lungo.
broadcasts-leave-out = Togli
broadcasts-leave-out-name = Togli { $name }
broadcasts-take-back = Rimetti
broadcasts-take-back-name = Rimetti { $name }
broadcasts-left-out = Chi non lo riceve
broadcasts-left-out-excluded = tolto da voi
broadcasts-left-out-no_number = non ha un numero
broadcasts-left-out-opted_out = ha chiesto di non ricevere altro
broadcasts-left-out-suspended = forse ha chiesto di non ricevere altro: decidete nella conversazione
broadcasts-left-out-has_copy = ha già il suo messaggio
broadcasts-left-out-shares_phone = condivide il telefono con chi lo riceve
broadcasts-without-copy = Chi non ha un messaggio
broadcasts-advice-plain_http_link = Il link { $link } comincia con http: WhatsApp ne diffida. Se il sito ha https, scrivi quello.
broadcasts-advice-shortened_link = Il link { $link } è abbreviato e nasconde dove porta, come fa lo spam. Scrivi l’indirizzo intero.
broadcasts-advice-long_first_message = { $n ->
    [one] Per una persona è il primo messaggio, ed è lungo: meglio cominciare con uno breve.
   *[other] Per { $n } persone è il primo messaggio, ed è lungo: meglio cominciare con uno breve.
}
broadcasts-advice-no_name = Non dice il nome di nessuno, così i messaggi sono tutti uguali. Aggiungi il nome.
broadcasts-state-draft = bozza
broadcasts-state-started = in corso
broadcasts-state-paused = in pausa
broadcasts-state-cancelled = annullata
broadcasts-state-done = finita
broadcasts-standing = A che punto è
broadcasts-pending = In attesa
broadcasts-pending-unwritten = { $n ->
    [one] una persona non ha ancora scritto
   *[other] { $n } persone non hanno ancora scritto
}
broadcasts-composing = In partenza
broadcasts-sent = Inviati
broadcasts-delivered = Consegnati
broadcasts-read = Letti
broadcasts-failed = Non riusciti
broadcasts-uncertain = Da decidere
broadcasts-cancelled = Annullati
broadcasts-pause = Metti in pausa
broadcasts-resume = Riprendi
broadcasts-cancel = Annulla il resto
broadcasts-copies = Vedi i messaggi
broadcasts-start-means = Partono piano, uno alla volta, negli orari e nei limiti delle impostazioni. Puoi chiudere questa pagina: non si perde niente.
broadcasts-start-now = { $n ->
    [one] Sì, invia a una persona
   *[other] Sì, invia a { $n } persone
}
broadcasts-cancel-means = { $n ->
    [one] Un messaggio non è ancora partito: viene annullato per sempre. Ciò che è già arrivato resta.
   *[other] { $n } messaggi non sono ancora partiti: vengono annullati per sempre. Ciò che è già arrivato resta.
}
broadcasts-cancel-now = Sì, annulla il resto
broadcasts-delete-means = La bozza viene eliminata. Non era partito niente.
broadcasts-delete-now = Sì, elimina
broadcasts-try-means = Uno di voi riceve il messaggio come lo riceverebbe un invitato, per guardarlo su un telefono vero. Il telefono deve aver scritto prima, come tutti.
broadcasts-try-nobody = Nessuno degli invitati ha ancora scritto. Mettetevi nella lista con il vostro numero, scrivete una parola al numero dell’altro e riprovate.
broadcasts-try-of = Il messaggio di
broadcasts-try-to = mandalo a
broadcasts-try-now = Invia la prova
said-saved = Salvato.
said-deleted = Eliminato.
said-news-started = Partito: i messaggi sono in coda.
said-news-started-before = Era già partito: non è stato aggiunto niente.
said-paused-news = In pausa: non parte più niente finché non riprendi.
said-resumed-news = Si riparte.
said-cancelled-news = Il resto è annullato.
said-tried = La prova è in coda: guarda il telefono.
problem-not_a_draft = È già partita: una notizia partita non si può più modificare. Puoi annullare il resto e scriverne una nuova.
problem-wrong_broadcast_state = Nello stato in cui è adesso non si può fare. Torna indietro e guarda com’è.
problem-broadcast_expired = Il momento entro cui doveva partire è passato. Modificala e scegli una nuova fine.
problem-nobody_to_write_to = Non c’è nessuno che possa riceverla. Cambia a chi è rivolta.
problem-missing_values = A qualcuno manca un dato che il testo chiede, quindi non è partito niente. Torna indietro: c’è scritto a chi.
problem-not_in_audience = Quella persona non riceve questa notizia: scegline una della lista.
problem-contact_has_not_written = Quel telefono non ha ancora scritto: mandate prima una parola da lì al numero di uno di voi, poi riprova.
problem-contact_opted_out = Quella persona ha chiesto di non ricevere altro: scegline un’altra.
wait-broadcast_paused = La notizia è in pausa.
ends-resume_broadcast = Parte quando riprendete la notizia.
broadcasts-rehearsal = Che cosa succederà sul numero di { $who }
broadcasts-last = { $n ->
    [one] L’unica persona che ha già scritto lo avrà entro { $time }.
   *[other] L’ultima delle { $n } persone che hanno già scritto lo avrà entro { $time }. Le risposte che scrivete nel frattempo passano prima.
}
broadcasts-last-cold = { $n ->
    [one] Una persona non scrive da tempo e lo avrà entro { $time }.
   *[other] { $n } persone non scrivono da tempo. A loro si scrive un po’ per giorno, perciò l’ultima lo avrà entro { $time }.
}
broadcasts-last-unanswered = { $n ->
    [one] Una persona non ha risposto agli ultimi messaggi e lo avrà entro { $time }, o appena scrive o reagisce.
   *[other] { $n } persone non hanno risposto agli ultimi messaggi. L’ultima lo avrà entro { $time }, ciascuna appena scrive o reagisce.
}
broadcasts-too-late = { $n ->
    [one] Una persona non lo avrebbe entro { $time }:
   *[other] { $n } persone non lo avrebbero entro { $time }:
}
broadcasts-help = Che cosa aiuta:
broadcasts-help-word = Chiedere loro di scrivervi una parola adesso: così non devono più aspettare.
broadcasts-help-cold = Alzare «Persone silenziose al giorno» nelle impostazioni.
broadcasts-help-day = Alzare «Messaggi al giorno» nelle impostazioni, o lasciar fuori qualcuno.
broadcasts-help-restricted = { $reason } Lasciate i vostri limiti come sono: alzarli non aiuta prima di { $time }.
broadcasts-held = { $n ->
    [one] Una persona non lo avrebbe finché qualcuno di voi non fa qualcosa:
   *[other] { $n } persone non lo avrebbero finché qualcuno di voi non fa qualcosa:
}
broadcasts-help-end = Scegliere una fine più lontana.
broadcasts-help-call = Telefonare.
broadcasts-after-wedding = { $n ->
    [one] Una persona lo avrebbe solo dopo il matrimonio:
   *[other] { $n } persone lo avrebbero solo dopo il matrimonio:
}
broadcasts-day = { $n ->
    [one] un messaggio
   *[other] { $n } messaggi
}
broadcasts-order = In che ordine e quando, all’incirca
broadcasts-nothing-leaves = Per ora non parte niente da solo: nessuno ha ancora scritto, oppure l’invio è fermo.
