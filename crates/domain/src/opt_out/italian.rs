//! How Italian guests, some of them in their dialect, say stop and go on. Accents and apostrophes are already gone.

use super::grammar::Phrases;

const NON: &str = "non|nn|nun|no non|no nn|no nun";
const MORE: &str = "piu|+|mai piu|piu mai|mai|chiu|cchiu|ciu|pu";
const ME: &str = "mi|me|m|ci|ce";
const YOUR: &str = "i|gli|le|dei|delle|degli|altri|altre|questi|queste|sti|ste|vostri|vostre|i vostri|le vostre|tuoi\
    |i tuoi|altri vostri|questi vostri|tutti i|tutti questi|tutti sti|tutte le|tutte queste";
const MESSAGES: &str = "messaggi|messaggio|messaggini|msg|mess|sms|comunicazioni|comunicazione|notifiche|aggiornamenti\
    |avvisi|promemoria|whatsapp|messaggi automatici|messaggi su whatsapp|messaggi di questo tipo|messaggi del genere\
    |nessun messaggio|nessun altro messaggio|alcun messaggio|nessun tipo di messaggio";
const NEWS: &str = "messaggi|aggiornamenti|avvisi|notifiche|comunicazioni|promemoria";
const HERE: &str = "qui|qua|su whatsapp|su wa|su questo numero|a questo numero|da questo numero|sul mio numero\
    |al mio numero|su questa chat|in questa chat|da voi|da te|da parte vostra|da entrambi";

const WRITE_ME: &str =
    "scrivetemi|scriveteci|scriveteme|contattatemi|contattateci|ricontattatemi|messaggiatemi";
const SEND_ME: &str = "mandatemi|mandateci|mandateme|inviatemi|inviateci|speditemi";
const DISTURB_ME: &str = "disturbatemi|disturbateci|cercatemi|importunatemi|tempestatemi|assillatemi|stressatemi|spammatemi\
    |rompetemi|disturbarmi|disturbarci|cercarmi|importunarmi|tempestarmi|assillarmi|stressarmi|spammarmi|rompermi";
const TO_WRITE_ME: &str =
    "scrivermi|scriverci|scriverme|scriveme|contattarmi|contattarci|ricontattarmi|messaggiarmi";
const TO_SEND_ME: &str = "mandarmi|mandarci|mandarme|inviarmi|inviarci|spedirmi";
const TO_DISTURB_ME: &str =
    "disturbarmi|disturbarci|importunarmi|tempestarmi|assillarmi|stressarmi|spammarmi|rompermi";
const WRITE: &str = "scrivere|scrivete|scrivite|scriviti|scrivit|scriver|contattare|contattate|messaggiare|messaggiate\
    |disturbare|disturbate|cercare|rompere|rompete|importunare|importunate";
const SEND: &str = "mandare|mandate|inviare|inviate|mannate";

const LEAVE_OFF: &str = "smettete|smettetela|smetti|smettila|smetterla|smettere|smettiamola|finitela|finiscila|piantatela\
    |piantala|la smettete|la finite|basta di";
const TAKE_ME: &str = "toglietemi|toglimi|togliermi|levatemi|levami|levarmi|rimuovetemi|rimuovimi|rimuovermi\
    |eliminatemi|eliminami|eliminarmi|escludetemi|escludimi|escludermi|depennatemi|depennami|depennarmi";
const STRIKE_ME: &str =
    "cancellatemi|cancellami|cancellarmi|disiscrivetemi|disiscrivimi|disiscrivermi";
const OFF_THE_LIST: &str = "dalla lista|da questa lista|dalla vostra lista|dalla tua lista|dalle liste|dalle vostre liste\
    |da sta lista|dallelenco|dalla mailing list|dalla rubrica|dalla vostra rubrica|dai contatti|dai vostri contatti\
    |dai destinatari|dai messaggi|dalla lista dei messaggi|dalla lista messaggi|dalla lista broadcast\
    |dalla lista di distribuzione|dal broadcast|dalle notifiche|da qui";

const LIKE: &str = "voglio|vorrei|desidero|gradirei|preferisco|preferirei|mi piacerebbe|mi farebbe piacere\
    |mi fa piacere|vorremmo|vogliamo|preferiamo";
const WANT: &str =
    "voglio|vorrei|desidero|gradisco|intendo|vogliamo|desideriamo|vojo|voj|mi va di|ho voglia di";
const ASK: &str = "chiedo di|vi chiedo di|ti chiedo di|vi chiedo gentilmente di|vi chiedo cortesemente di|chiedo gentilmente di|vi prego di|ti prego di|prego di|vi chiederei di|vi pregherei di\
    |siete pregati di|preferisco|preferirei|vi invito a|vi dico di|vi ho detto di|vi ho chiesto di|ho detto di\
    |potete|potreste|puoi|potresti|per favore potete|per favore puoi";
const CONTACTED: &str =
    "contattato|contattata|contattati|disturbato|disturbata|disturbati|importunato|importunata";
const THAT_YOU_WRITE: &str = "che mi scriviate|che mi scriva|che mi scriviate voi|che mi contattiate|che mi contatti\
    |che mi mandiate messaggi|che mi scriva nessuno dei due";

const WHILE: &str = "per ora|per adesso|per il momento|per oggi|per un po";

const YOU_MAY: &str = "potete|puoi|potreste|mi potete|mi puoi|adesso potete|ora potete|da oggi potete|ora puoi|adesso puoi\
    |ora mi potete|ora mi puoi";
const AGAIN: &str = "di nuovo|ancora|pure|nuovamente|pure di nuovo|di nuovo pure|pure ancora|tranquillamente|liberamente\
    |senza problemi|quando volete|quando vuoi|pure quando volete|pure quando vuoi|come prima";
const WRITE_ME_PLEASE: &str = "scrivetemi|scrivimi|scriveteci|riscrivetemi|riscrivimi|contattatemi|contattami\
    |ricontattatemi|ricontattami";
const WRITE_ME_AGAIN: &str = "scrivermi|scriverci|riscrivermi|contattarmi|ricontattarmi|scrivere|riscrivere|contattare\
    |mandarmi messaggi|mandarmi i messaggi|mandarmi gli aggiornamenti|mandare messaggi|mandare i messaggi\
    |inviarmi messaggi|inviarmi i messaggi";

const PLEASE: &str = "per favore|per cortesia|per piacere|grazie";

/// A whole message that means stop.
pub(super) const OPT_OUT: Phrases = phrases! {
    ("stop|disiscrizione|disiscrivi|annulla iscrizione|annulla liscrizione|annullare iscrizione|cancella iscrizione\
        |cancella la mia iscrizione|ho detto stop|vi ho detto stop|ho scritto stop")
    // non scrivetemi più, nun me scrivete più, no sté scriverme più
    (NON WRITE_ME [MORE] ["niente|nulla"] [YOUR] [MESSAGES] [HERE])
    (NON TO_WRITE_ME [MORE] ["niente|nulla"] [YOUR] [MESSAGES] [HERE])
    (NON "chiamatemi|chiamarmi" "e non|ne|o" "scrivetemi|scrivermi" [MORE])
    (NON DISTURB_ME MORE [HERE])
    (NON SEND_ME [MORE] [YOUR] MESSAGES [MORE] [HERE])
    (NON TO_SEND_ME [MORE] [YOUR] MESSAGES [MORE] [HERE])
    (NON SEND_ME MORE ["niente|nulla"] [HERE])
    (NON TO_SEND_ME MORE ["niente|nulla"] [HERE])
    (NON ME WRITE MORE [HERE])
    (NON ME "scrivere|scriver|contattare|messaggiare" [HERE])
    (NON ME SEND MORE ["niente|nulla"] [YOUR] [MESSAGES] [HERE])
    (NON ME SEND [YOUR] MESSAGES [MORE] [HERE])
    (NON "scrivete|scrivere|messaggiate|messaggiare" MORE [HERE])
    (NON "mandate|mandare|inviate|inviare" [MORE] [YOUR] MESSAGES [MORE] [HERE])
    (NON "dovete|devi" MORE TO_WRITE_ME [HERE])
    (NON "mi dovete|mi devi" MORE "scrivere|contattare|cercare|disturbare" [HERE])
    ("no" "sta|state|ste|stai|stia" "scriverme|mandarme messaggi" [MORE])
    // non voglio più ricevere messaggi
    (NON WANT [MORE] "ricevere|avere" [MORE] [YOUR] MESSAGES [MORE] [HERE])
    (NON WANT MORE "ricevere" "niente|nulla" [HERE])
    (NON WANT [MORE] [YOUR] MESSAGES [MORE] [HERE])
    (NON WANT MORE "sentirvi|sentirti")
    (NON WANT [MORE] "essere" [MORE] CONTACTED [MORE] [HERE])
    (NON WANT [MORE] THAT_YOU_WRITE [MORE] [HERE])
    // preferirei non ricevere più messaggi; vi chiedo di non scrivermi più
    (LIKE "non" "ricevere" [MORE] [YOUR] MESSAGES [HERE])
    (ASK NON "ricevere" [MORE] [YOUR] MESSAGES [HERE])
    (ASK NON "essere" [MORE] CONTACTED [MORE] [HERE])
    (ASK NON TO_WRITE_ME [MORE] [HERE] [PLEASE] ["?"])
    (ASK NON TO_SEND_ME [MORE] [YOUR] MESSAGES [HERE] [PLEASE] ["?"])
    (ASK NON TO_DISTURB_ME [MORE])
    (ASK "smettere di|smetterla di|evitare di" TO_WRITE_ME [HERE] [PLEASE] ["?"])
    (ASK "smettere di|smetterla di|evitare di" TO_SEND_ME [YOUR] MESSAGES [PLEASE] ["?"])
    // smettetela di scrivermi, basta messaggi, stop ai messaggi
    (LEAVE_OFF ["di|de|a"] TO_WRITE_ME [HERE] ["?"])
    (LEAVE_OFF ["di|de|a"] TO_DISTURB_ME [HERE] ["?"])
    (LEAVE_OFF ["di|de|a"] TO_SEND_ME [YOUR] MESSAGES [HERE] ["?"])
    (LEAVE_OFF ["di"] "mandare|inviare" [YOUR] MESSAGES [HERE] ["?"])
    ("basta|smettetela|smettila|finitela|piantatela" ["con|coi|cu"] [YOUR] MESSAGES [HERE])
    ("stop" ["a|ai|alle|agli|con|con i|a tutti i|inviare|mandare"] [YOUR] MESSAGES [HERE])
    ("niente" MORE MESSAGES [HERE])
    // toglietemi dalla lista; mi togliete dalla lista?
    (TAKE_ME ["subito"] OFF_THE_LIST)
    (STRIKE_ME ["subito"] [OFF_THE_LIST])
    (LIKE "disiscrivermi|cancellarmi|cancellare liscrizione|annullare liscrizione" [OFF_THE_LIST])
    (LIKE "essere" "tolto|tolta|rimosso|rimossa|cancellato|cancellata" OFF_THE_LIST)
    (ASK "essere" "tolto|tolta|rimosso|rimossa|cancellato|cancellata" OFF_THE_LIST)
    (ASK TAKE_ME OFF_THE_LIST [PLEASE] ["?"])
    (ASK STRIKE_ME OFF_THE_LIST [PLEASE] ["?"])
    ("mi" "togliete|togli|levate|levi|cancellate|cancelli|rimuovete|rimuovi" OFF_THE_LIST [PLEASE] ["?"])
    ("cancellate|cancella|eliminate|elimina|togliete|togli|rimuovete|rimuovi|dimenticate|scordatevi"
        "il mio numero|questo numero|il mio contatto|i miei dati" [OFF_THE_LIST])
    ("revoco|ritiro|nego|revoca" ["il|il mio"] "consenso")
    ("lasciatemi|lasciami|lassateme|lassame|lasciateci" "in pace")
};

/// Clear words that undo it. None of them may be a question: "potete scrivermi?" asks whether one can.
pub(super) const OPT_IN: Phrases = phrases! {
    // potete scrivermi di nuovo
    (YOU_MAY [AGAIN] WRITE_ME_AGAIN [AGAIN] ["su questo numero|qui|su whatsapp"] [AGAIN])
    (YOU_MAY "ricominciare a|riprendere a|tornare a" WRITE_ME_AGAIN [AGAIN])
    // scrivetemi pure
    (WRITE_ME_PLEASE AGAIN ["su questo numero|qui|su whatsapp"] [AGAIN])
    ("pure" WRITE_ME_PLEASE)
    ("mandatemi|mandami|inviatemi|inviami|rimandatemi" [AGAIN] [YOUR] NEWS [AGAIN])
    ("ricominciate|ricomincia|riprendete|riprendi|tornate|torna" ["pure"] "a" WRITE_ME_AGAIN [AGAIN])
    (LIKE [AGAIN] "ricevere|tornare a ricevere|riavere|ricominciare a ricevere" [AGAIN] [YOUR] NEWS [AGAIN])
    ("rimettetemi|rimettimi|reinseritemi|reinseriscimi|riaggiungetemi|riaggiungimi"
        ["in lista|nella lista|alla lista|nella lista dei messaggi|tra i contatti"])
    ("riattiva|riattivate|riattivatemi|riattivami|riattivare" [YOUR] ["iscrizione|liscrizione|la mia iscrizione"] [NEWS])
    ("acconsento a|do il consenso a|do il mio consenso a" "ricevere" [AGAIN] [YOUR] NEWS [AGAIN])
};

/// A stop that may be about the wine, or about the joke.
pub(super) const ENOUGH: Phrases = phrases! {
    (["ma|dai|oh|eh|uffa|e ora|ho detto|vi ho detto"]
        "basta|basta cosi|smettetela|smettila|finitela|finiscila|piantatela|piantala"
        ["dai"])
    ("lasciami|lasciatemi|lasciateci" "stare")
    (NON DISTURB_ME)
    (NON "disturbare|disturbate")
};

/// A stop for a while, and one that may also say "it is enough to write to me".
pub(super) const FOR_NOW: Phrases = phrases! {
    ("stop|basta" ["con i|ai|con"] [MESSAGES] WHILE)
    (WHILE "stop|basta|niente|basta con i|stop ai" [MESSAGES])
    ("basta" TO_WRITE_ME)
    ("basta" TO_SEND_ME [YOUR] MESSAGES)
};
