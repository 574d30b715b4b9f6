//! What stands beside the words that matter and changes nothing about them: greetings, thanks, haste, common reasons.
//! None of it means anything alone. Names are not here: with a name the message may be to somebody, about something.

use super::grammar::Phrases;

/// Around a stop, a go-on and a lone "basta" alike.
pub(super) const POLITE: Phrases = phrases! {
    // Italian
    ("per favore|pe favore|pe piacere|x favore|xfavore|perfavore|per fav|x fav|per cortesia|x cortesia|per piacere|gentilmente|cortesemente|prego\
        |ti prego|vi prego|ve prego|te prego|vi supplico")
    ("grazie|grazie mille|mille grazie|grazie tante|tante grazie|grz|grazie lo stesso|grazie comunque|grazie di tutto\
        |grazie in anticipo")
    ("ciao|ciao a tutti|ciao a tutti e due|salve|buongiorno|buon giorno|buonasera|buona sera|buonanotte|buona giornata\
        |buona serata|arrivederci|cordiali saluti|saluti|un saluto|un abbraccio|baci|ehi|oh|ragazzi|raga|regaz|carissimi|cari\
        |cari sposi|gentili sposi|sposi")
    ("scusa|scusate|scusami|scusatemi|mi dispiace|mi spiace|con tutto il rispetto|senza offesa")
    ("ok|okay|va bene|daccordo|ok ?|va bene ?|capito|capito ?|avete capito|avete capito ?|chiaro|chiaro ?|e chiaro|intesi")
    ("ora|adesso|subito|immediatamente|davvero|veramente|sul serio|seriamente|per sempre|definitivamente\
        |una volta per tutte|una buona volta|da ora in poi|dora in poi|da oggi|da oggi in poi|assolutamente")
    // English
    ("please|pls|plz|plse|kindly|pretty please|i beg you")
    ("thanks|thank you|thank u|thx|ty|tnx|cheers|many thanks|thanks a lot|thanks in advance|thank you very much")
    ("hi|hello|hey|hi both|hi there|hello there|hi guys|hey guys|guys|good morning|good evening|dear both|bye|goodbye\
        |best wishes|all the best|have a nice day")
    ("sorry|im sorry|i am sorry|so sorry|no offence|no offense")
    ("alright|all right|ok thanks|got it|got it ?|understood|understood ?")
    ("now|right now|immediately|at once|forever|for good|for real|seriously|really|from now on|asap")
};

/// Around a stop: a no, and the reasons that people give most.
pub(super) const REFUSING: Phrases = phrases! {
    ("si|no grazie|yes|no thanks|no thank you|no thx")
    // with a "ma" alone, "ma non mi scrivete più" would be a stop: it is a complaint
    ("grazie ma|scusa ma|scusate ma|mi dispiace ma|mi spiace ma|grazie e|ciao e|thanks but|thank you but|sorry but\
        |im sorry but|thanks and|no offence but")
    ("non mi interessa|non mi interessa piu|non mi interessano|non sono interessato|non sono interessata\
        |non sono piu interessato|non sono piu interessata|nn mi interessa")
    ("numero sbagliato|e il numero sbagliato|avete sbagliato numero|hai sbagliato numero|avete il numero sbagliato\
        |non vi conosco|non so chi siete|non ti conosco|non so chi sei|non so chi siate|chi siete|chi siete ?|chi sei|chi sei ?|non ho dato il consenso\
        |non ho mai dato il consenso|non ho dato nessun consenso")
    ("avete rotto|mi avete rotto|mi avete stufato|avete stufato|sono stufo|sono stufa|non ne posso piu|mi disturbate\
        |mi disturbano|mi state disturbando|che noia|che palle|sono troppi|sono troppe|troppi messaggi|questo e spam|e spam|cazzo")
    ("o vi blocco|altrimenti vi blocco|senno vi blocco|o vi segnalo|altrimenti vi segnalo|vi blocco|vi ho bloccati")
    ("non vengo|non verro|non veniamo|non verremo|non posso venire|ho cambiato idea")
    ("im not interested|i am not interested|not interested|no longer interested|im no longer interested")
    ("wrong number|you have the wrong number|youve got the wrong number|this is the wrong number|i dont know you\
        |i dont know who you are|i dont know who this is|who is this|who is this ?|who are you|who are you ?|this is spam|its spam|spam")
    ("im tired of this|im fed up|im sick of this|im sick of it|too many messages|too many|this is too much|its too much|its annoying|this is annoying")
    ("or ill block you|or i will block you|or ill report you|or i will report you|im blocking you")
    ("im not coming|i am not coming|were not coming|we are not coming|i cant come|we cant come|i changed my mind")
};

/// Around a go-on: a yes, and why it was a no before.
pub(super) const AGREEING: Phrases = phrases! {
    ("si|certo|certamente|certo che si|ma si|ma certo|volentieri|molto volentieri|con piacere|tranquilli|tranquillo|tranquilla\
        |nessun problema|non preoccupatevi|figurati|figuratevi")
    ("ho cambiato idea|ci ho ripensato|ho ripensato|mi sono sbagliato|mi sono sbagliata|mi ero sbagliato|mi ero sbagliata\
        |ho sbagliato|e stato un errore|era un errore|per errore|scusate lerrore|scusa lerrore|errore mio|colpa mia|tutto ok|tutto bene")
    ("yes|yeah|yep|sure|of course|no problem|no worries|dont worry|absolutely|yes sure|yes of course|gladly")
    ("i changed my mind|i have changed my mind|ive changed my mind|my mistake|it was a mistake|that was a mistake|by mistake|my bad|i made a mistake|actually")
};
