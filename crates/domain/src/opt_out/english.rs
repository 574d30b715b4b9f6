//! How English-speaking guests say stop and go on. Apostrophes are already gone: "don't" is `dont`.

use super::grammar::Phrases;

const DO_NOT: &str =
    "dont|do not|don t|never|never ever|no dont|no do not|dont ever|dont you ever|you must not";
const WRITING: &str = "texting|messaging|messeging|writing|writing to|contacting|msging|whatsapping|bothering|spamming\
    |disturbing|pinging|harassing|pestering|texting and calling|calling and texting";
const WRITE: &str =
    "text|message|msg|write|write to|contact|whatsapp|text or call|call or text|spam|reach out to";
const ME: &str = "me|us|this number|my number|my phone|me here";
const ANY: &str = "any|any more|anymore|any further|more|these|those|your|all|all the|all these|all your|all of these|the\
    |any of these|any of your|such|so many|automated|these automated|another";
const MESSAGES: &str = "messages|message|mesages|texts|text|text messages|msgs|msg|sms|updates|notifications|reminders\
    |broadcasts|whatsapps|whatsapp messages|automated messages|wedding messages|wedding updates";
const FROM: &str = "from you|from you two|from you guys|from either of you|from both of you|from this number\
    |on whatsapp|on this number|to this number|to my phone|about the wedding|about your wedding";
const EVER: &str = "again|any more|anymore|any longer|ever again|ever|again ever";
const LIST: &str = "list|this list|your list|the list|your lists|the mailing list|your mailing list|this mailing list\
    |this broadcast|the broadcast|the broadcast list|your broadcast list|this broadcast list|these messages\
    |these updates|these texts|all messages|your contacts|your phone|your address book|all of these|all";
const WANT_NOT: &str = "dont want|do not want|dont wish|do not wish|no longer want|no longer wish|dont need|dont care for\
    |would prefer not|would rather not|id rather not|id prefer not|prefer not|would like not|really dont want";
const WANT: &str = "want|would like|id like|i d like|wish|need|d like|wanna|would love|id love";
const GET: &str = "receive|get|getting|receiving|have|see|hear";
const YOU_STOP: &str = "can you|could you|would you|will you|can you please|could you please|would you please\
    |will you please|can u|could u|pls can you|please can you|please could you|id like you to|i want you to\
    |i would like you to|i asked you to|i told you to|kindly|im asking you to|i am asking you to";

const YOU_CAN: &str = "you can|you may|u can|you guys can|you are welcome to|youre welcome to|you are free to\
    |youre free to|feel free to|its ok to|its okay to|its fine to|it is ok to|happy for you to|im happy for you to\
    |please feel free to|you can start|you can go back to";
const AGAIN: &str = "again|once more|once again|any time|anytime|whenever you want|whenever you like|whenever|as before\
    |now|again now|from now on";

/// A whole message that means stop. The bare words are those that text services teach everywhere; "cancel" and "end"
/// are left out, because a guest who answers a question says them too.
pub(super) const OPT_OUT: Phrases = phrases! {
    ("stop|stop all|stopall|unsubscribe|unsubscribed|unsubscribe all|un subscribe|unsuscribe|unsubcribe|unsubscibe|unsub\
        |opt out|optout|opting out|im opting out|i opt out|quit|i said stop|i already said stop|just stop")
    // stop texting me; could you please stop sending these?
    ([YOU_STOP] "stop|quit|cease" ["fucking|bloody|damn"] WRITING [ME] [EVER] [FROM] ["please"] ["?"])
    ([YOU_STOP] "stop|quit|cease" "sending" [ME] [ANY] [MESSAGES] [FROM] ["please"] ["?"])
    ([YOU_STOP] "stop|quit|cease" "sending" ME "stuff|things|this|it|anything" [FROM] ["please"] ["?"])
    ([YOU_STOP] "stop|quit|cease" ["with"] [ANY] MESSAGES [FROM] ["please"] ["?"])
    // don't text me again
    (DO_NOT WRITE ME [EVER] [FROM])
    (DO_NOT "bother|disturb|harass|pester" "me|us" EVER)
    (DO_NOT "send" [ME] [ANY] MESSAGES [EVER] [FROM])
    (DO_NOT "send" ME "anything" EVER [FROM])
    (YOU_STOP "not" WRITE ME [EVER] ["please"] ["?"])
    ("no" "more" ["wedding|automated|of these|of your"] "messages|texts|msgs|msg|text messages|notifications" [FROM])
    ("enough" ["with|of"] ["the|these|your|all the|all these"] MESSAGES)
    // I don't want any more messages
    (["i|we|sorry i|no i"] WANT_NOT ["to"] [GET] [ANY] MESSAGES [EVER] [FROM] [EVER])
    (["i|we|sorry i|no i"] WANT_NOT "to be|being" "contacted|messaged|texted|bothered|disturbed|on this list|on your list"
        [EVER] [FROM])
    (["i|we"] WANT_NOT "you to|you" ["to"] WRITE ME [EVER])
    (["i|we"] WANT "to" "stop" GET [ANY] MESSAGES [FROM])
    // take me off the list
    (["i|we"] WANT "to" "unsubscribe|opt out|be removed|be unsubscribed|be taken off" ["from|of|off"] [LIST])
    ("unsubscribe|unsuscribe|unsubcribe|opt|opt out" ["me|us|this number|my number"] ["out"] ["from|of|off"] [LIST])
    ([YOU_STOP] "remove|take|delete|drop|cross" "me|us|my number|this number|my contact|my name"
        "from|off|out of|off of" LIST ["please"] ["?"])
    ([YOU_STOP] "unsubscribe" "me|us" ["please"] ["?"])
    ("remove" "me|us")
    ("delete|remove|lose|forget|erase" "my number|this number|my contact|my data|my contact details")
    ("leave" "me|us" "alone")
    ("i" "revoke|withdraw" ["my"] "consent")
};

/// Clear words that undo it. None of them may be a question: "can you text me?" is not a permission.
pub(super) const OPT_IN: Phrases = phrases! {
    ("start|unstop|un stop|start again|restart|resume|resubscribe|re subscribe|subscribe|subscribe me|subscribe again\
        |subscribe me again|opt in|optin|opt me in|opt back in|opt me back in|im opting in|im opting back in|opting back in")
    (YOU_CAN ["now|again|both"] "text|message|msg|write|write to|contact|whatsapp|texting|messaging|writing to" "me|us|to me"
        [AGAIN] ["on this number|here|on whatsapp"] [AGAIN])
    (YOU_CAN ["now"] "text|message|msg|write" AGAIN)
    (YOU_CAN ["now|again"] "send" ["me|us"] [ANY] MESSAGES [AGAIN])
    (["please|please do|go ahead and|do"] "text|message|msg|write|write to|contact|whatsapp" "me|us" "again|once more|once again")
    (["please|please do|go ahead and|do"] "send|keep sending" "me|us" [ANY] MESSAGES "again|once more|once again")
    ("start|resume|restart" "texting|messaging|writing|writing to|contacting" "me|us" [AGAIN])
    ("start|resume|restart" ["sending"] ["me"] [ANY] MESSAGES [AGAIN])
    (["i|we"] WANT "to" "receive|get|receive again|get again|start getting|start receiving" [ANY] MESSAGES [AGAIN] [FROM] [AGAIN])
    (["i|we"] WANT [ANY] MESSAGES "again|once more|back")
    (["i|we"] WANT "to" "resubscribe|subscribe|subscribe again|opt in|opt back in|be added back")
    ("sign|add|put" "me|us" "up again|back|back up|back in|again|back on|back to|back onto" [LIST])
    (["i"] "agree|consent" "to" "receive|receiving|get|getting" [ANY] MESSAGES [AGAIN])
    (["im|i am|we are"] "happy" "to" "receive|get" [ANY] MESSAGES [AGAIN])
};

/// A stop that may be about the joke.
pub(super) const ENOUGH: Phrases = phrases! {
    ("enough|thats enough|that is enough|ok enough|stop it|stop that|stop this|cut it out|knock it off|leave me be")
};

/// A stop for a while.
pub(super) const FOR_NOW: Phrases = phrases! {
    ("stop|enough|thats enough|no more messages|stop texting me|stop messaging me|stop writing to me"
        "for now|for today|for a while|for the moment|for the time being")
};
