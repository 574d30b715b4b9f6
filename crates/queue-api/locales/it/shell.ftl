# Ciò che sta attorno a ogni pagina.
shell-name = Il nostro matrimonio
shell-skip = Vai al contenuto
shell-navigation = Sezioni
shell-home = Inizio
shell-queue = Coda
shell-conversations = Conversazioni
shell-guests = Invitati
shell-broadcasts = Notizie
shell-settings = Impostazioni
shell-signed-in-as = Il tuo profilo: { $name }
shell-sign-out = Esci
shell-groom = lo sposo
shell-bride = la sposa
refusal-title = Non è andata
refusal-code = Codice, per chi gestisce il sistema: { $code }
refusal-home = Torna all’inizio
said-password = La nuova password è salvata: entra con quella.
