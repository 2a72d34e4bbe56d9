/**
 * Courtesy and noise, in the languages people greet in: words that may stand anywhere and change nothing. Written as in
 * lexicon.ts. A word belongs here only if it can never deny, bound or aim a request.
 */
export const courtesyWords = {
  polite: `
    please bitte svp pls plz plss plzz pleas kindly thanks thank thankyou thx thnx thanx tnx ty tyvm cheers merci danke ta hi
    hello hey heya hiya yo howdy greetings bonjour hola hallo salut namaste dear team folks guys mate buddy dude pal
    sir madam bot robot routebot morning afternoon evening regards sorry apologies folk lads ladies gentlemen peeps
    friend friends bro bruh man mister chief fam gang comrade comrades y'all yall ma'am maam everybody's colleagues
    please-please plox pleez plis cheerio ciao salve buongiorno buonasera grazie prego moin servus gruezi grüezi tschüss
    guten zusammen danke dankeschön dankeschoen merci coucou bonsoir salutations gracias buenas buenos olá ola oi obrigado
    obrigada hej hei hejsan tjena tack tak takk kiitos moi hoi dag bedankt dankjewel dankuwel dziękuję dziekuje dzięki
    dzieki cześć czesc proszę prosze ahoj díky diky děkuji dekuji prosím prosim szia köszönöm koszonom mulțumesc multumesc
    salam salaam selam merhaba teşekkürler tesekkurler lütfen lutfen sağol shukran shukriya dhanyavad dhanyavaad namaskar
    merhabalar mitenand vielmal makasih estimados estimado estimada chers cher chère geachte geehrte お疲れ様です
    お疲れさまです よろしくお願いいたします お世話になっております 大家好 辛苦了 mabuhay kumusta
    goedemorgen goedemiddag goedenavond goedendag doei doeg pfv bye byebye bye-bye goodbye toodles ily ttyl
    arigato arigatou gozaimasu domo onegaishimasu konnichiwa kudasai xiexie nihao annyeong gamsahamnida kamsahamnida
    terima kasih tolong salamat mahalo aloha zdravo hvala molim toda shalom привет здравствуйте спасибо пожалуйста дякую
    будь-ласка благодаря моля ευχαριστώ παρακαλώ γεια شكرا مرحبا תודה שלום नमस्ते धन्यवाद こんにちは こんばんは
    おはようございます ありがとう ありがとうございます お願いします よろしくお願いします すみません 你好 您好 谢谢 謝謝 请
    請 多谢 감사합니다 안녕하세요 부탁드립니다 cảm-ơn mfg lg vg gruß gruss grüße gruesse grüsse saludos saluti cordialement
    amitiés atentamente groetjes groeten hälsningar mvh pozdrawiam
    br rgds kr vg
    > sent from my iphone|phone|mobile|android|ipad|samsung|outlook|teams phone|device?; sent from outlook|teams|mobile for? ios|android|mobile?; get outlook for ios|android|mobile
    lgtm splendid excellent brilliant wonderful fantastic superb marvelous marvellous lovely sweet awesome alrighty righto
    gotcha understood acknowledged ack roger agreed congrats kudos props bravo tada voila voilà woohoo yay hurray
    > sehr? geehrte|geehrter|verehrte|liebe|lieber damen|herr|frau|team|kollegen|kolleginnen|alle|leute|mitarbeiter und? herren|kollegen|kolleginnen?
    > estimados|estimado|estimada|queridos|caros|cari|chers|cher|beste|geachte todos|equipo|compañeros|colegas|colleghi|collègues|collegues|tous|collega's|allemaal|señores
    > teşekkür|tesekkur ederim|ederiz; xin chào|chao; halo|hai tim|semua; selamat pagi|siang|sore|malam; terima kasih banyak; merci vielmal|vilmal
    > thanks|thank|thx you|u? in advance for your|ur|the|any all? help|support|assistance|time|understanding|cooperation|effort|efforts|action
    > thanks|thank|thx you|u? for waiting|asking|checking|reviewing|flagging|pinging|reminding|bearing|being|noticing|spotting us|me|it|this|that|with|patient? me|us?
    > sorry|apologies for the? disturbing|bothering|interrupting|interruption|pinging|spamming|asking you|u|again?
    > have a nice|good|great|lovely eve|rest|night|weekend|evening of? the|your? day|evening|week?
    > guten|schönen morgen|tag|abend; gute nacht; grüß|gruess gott; hallo|hi|hey|moin|servus zusammen|alle|leute|kollegen|team
    > buenos|buenas días|dias|tardes|noches; buen día|dia; bom dia; boa tarde|noite; good night; god morgon|morgen|dag|kväll
    > dzień|dzien dobry; dobrý|dobry den; bonjour|bonsoir|salut|hello|hi|coucou à|a tous|toutes; bonjour|bonsoir|salut l'équipe|equipe
    > hola|buenas a? todos|equipo|amigo|amigos|chicos; ciao|salve a? tutti|ragazzi; olá|ola|oi pessoal|todos|equipe
    > bonne journée|journee|soirée|soiree; bon courage; schönen|schoenen tag|abend|feierabend noch?; fijne dag nog?
    > danke schön|schoen|schon|sehr|vielmals|dir|euch|ihnen|nochmals|voraus|lg; danke im voraus; vielen|besten|herzlichen|lieben dank im? voraus?
    > viele|liebe|beste|schöne|schoene|herzliche|freundliche grüße|gruesse|grüsse|grusse|gruss; mit freundlichen|besten|lieben grüßen|gruessen|grüssen
    > merci beaucoup|bien|d'avance|infiniment; mille mercis; s'il|sil vous|te|v plaît|plait; svp merci; bien à|a vous|toi; bien cordialement
    > muchas|muchísimas|muchisimas|mil|infinitas gracias; gracias de antemano; por favor; un saludo; saludos cordiales
    > grazie mille|tante|infinite|anticipatamente; mille|molte|tante grazie; per favore|piacere|cortesia; cordiali saluti
    > muito obrigado|obrigada; obrigado|obrigada desde já?; se faz favor; tack så mycket; tusen takk|tack; mange tak; vennlig hilsen
    > dank je|u|jullie wel?; alvast|hartelijk bedankt|dank; met vriendelijke groet|groeten; alsjeblieft; alstublieft; z góry dzięki
    > terima kasih; cảm ơn; çok teşekkürler|tesekkurler; большое спасибо; спасибо большое; добрый день|вечер; доброе утро; заранее спасибо
    > thank|thanks you|u for your|ur|the kind|good|great|continued? cooperation|co-operation|understanding|attention|kindness|efforts|patience
    > thank|thanks me|us later; excuse|pardon me|us? for|about the|my|this? late|early|short|odd? hour|notice|interruption|disturbance|noise; see|talk you|u|ya later|around|soon|tomorrow; off to bed|lunch|sleep|home now|again?
    > domo arigato|arigatou; arigato|arigatou gozaimasu
    > thanks|thank you|u? and|& best|kind|warm? regards|cheers|greetings|bye|wishes; thanks & regards; thx and|& regards|bye; regards and thanks; hi|hello|hey and good morning|afternoon|evening; cheers and thanks
    > thanking you|u in|for? anticipation|advance|kindly?; thanks|thank|thx you|u? in anticipation; ta very? much|everso; ta so|very much; much obliged; many apologies; my apologies
    > so|very|really|terribly|awfully sorry; so|very|really|terribly|awfully sorry to bother|disturb|trouble|ping you|u? again|late|early?
    > sorry|apologies for|about the|any|this? late|early|short|quick? noise|trouble|bother|spam|ping|hour|notice|inconvenience|delay|interruption|disturbance
    > sorry|apologies to bother|disturb|trouble|ping you|u? again|late|early?; at|in this|such|the late|early|ungodly|unearthly|silly? hour; at this|such time; on|as|with a? high|top|highest|utmost? priority
    > respected|dear|kind|good sir|madam|all|team|colleague|colleagues|sirs; dear sir or|/|and madam; to whom it may concern; sir or madam
    > hey|hi|hello|yo|ok|dear boss|chief|bot|friend|friends|man|bro|guys|folk|mate|buddy|dude|lads|peeps|y'all|yall|people|colleague|colleagues|my friend|friends?
    > my friend|dear|friends|man; good old bot|routebot; gentle|friendly|kind|quick|just? reminder; just a? gentle|friendly|quick? reminder; a? gentle|friendly|kind|quick reminder to?|that?
    > at|in the|your? earliest; for|as a? quick? favour|favor; if|whenever you|u get around|round to it; when you're|youre|ur free|around|back|ready|there; when|if you're|youre|you|u are|r? free|around
    > thanks|thank|thx|cheers|ta you|u? for the|your|all|that|this|a|being|so|such? quick|fast|speedy|prompt|great|good|swift|nice|kind|super|very|helpful? turnaround|response|reply|help|fix|work|job|support|service|one|yesterday|patience|update|answer|approval
    > hope all's|alls|everything's|everythings|everything|all|you|this is|are|finds|had|have|having? you? a|is|are|well|good|great|lovely? well|good|great|weekend|day|one|morning|fine|evening?
    > i trust you|this are|finds|is you? well; trust you are well; long time no see; great|good|nice job|work; well done
    > you|u|y'all|yall are|r a|the? life|time? saver|lifesaver|legend|hero|star|angel|best|goat; lifesaver; you|u|youre|you're|ur a? legend|hero|star|angel|lifesaver|saint|gem
    > looks good|great|fine|ok to|for|by|from me|us; looks|all good|fine to|by|from me; lg tm; ship it; sounds good|great|fine; fair enough; no objections|concerns|issues from|on? me|us|my? side?; works for me|us
    > fine|good|ok|okay by|with|for me|us; happy with this|that|it; makes sense; nice one; good stuff; good catch; love it; thumbs up
    > thank you|u so|very? much?; many thanks; thanks so|very much; thanks|thx|ty|thank|tx a lot|million|bunch|ton|mil|lots
    > thank|thanks you|u? in advance|adv; in advance; good morning|afternoon|evening|day; happy monday|friday
    > hi|hello|hey|morning|dear|evening all|team|folks|guys|there|everyone|everybody|bot|both|again
    > best|kind|warm|many regards|wishes; sorry to bother|disturb|trouble you?; sorry for the noise|trouble|bother|spam
    > sorry again; when|whenever you|u have|get|find a|some|the? minute|moment|chance|sec|second|time|min
    > if you|u have a|some minute|moment|chance|sec|second|time|min; if you|u don't|dont|do mind; if you|u please
    > if you|u would|could be so kind; if possible; if at all possible
    > if that's|thats|it's|its|it|that is? ok|okay|fine|alright with|by? you?; if you can|could|would please?
    > if u can|could|would; if it's|its not too? much? trouble|hassle; if it isn't|isnt too much trouble
    > no rush|hurry|worries|problem|pressure at? all?; at the|your earliest; at your earliest? convenience; at you're convenience
    > do me a favor|favour and?; do us a favor|favour and?; be a dear and?; be so kind and|to; be a|an dear|darling|star|angel|sweetheart|love|gem|champ|champion|legend|hero|pal|mate|sport and; do the needful and|&?
    > the needful; much appreciated; greatly appreciated; really appreciated; really appreciate it; appreciate it
    > appreciate your help
    > would|wud be very|much|really|greatly|highly? great|nice|awesome|lovely|good|helpful|appreciated|perfect|cool
    > it|that would be great|nice|awesome|lovely|good|helpful|appreciated|perfect|cool
    > for god's|gods|heaven's|christ's|fuck's|fucks|pete's|crying sake|out loud?; for the love of god; for me; for us
    > you|u rock; you're|your|ur|u the best; you are the best|a star|awesome|great
    > have a nice|good|great day|weekend|one|evening; pretty please; all good|fine|set|clear on|from? our|my|this? side|end?
    > thanks|thank|thx you|u? for your|ur|the|all|any|taking? your|the? help|support|time|assistance|understanding|patience|work|effort|efforts
    > can|could|would|will you|u please|pls? do|arrange|handle|organise|organize that|this|it for? me|us?
    > can|could|would you|u please|pls? set that|this|it up for? me|us?; can|could you|u please? make that|this|it happen; please|pls|plz|kindly help me|us? to; please|pls|plz|kindly help
    > please|pls|plz|kindly|and arrange|organise|organize|manage to; please|pls|kindly take action to; take care to
    > please|pls|kindly take care of|and; please|pls|kindly look into; take the necessary? action|actions|steps to; please|pls|kindly take the necessary? action|actions|steps to
    > can|could you help me|us? to; help me|us to?; how are you|things; hope you are|all? well
    > hope you're|your? doing? well; hope all is well; hope this finds you well
    > i hope you are|re? doing? well|fine|good`,
  filler: `
    ugh argh aargh grr gah meh jeez bah whoa wow phew sheesh yikes blimey crikey hmpf uff oof boo huh geez gosh sigh sos
    p0 p1 p2 p3 sev0 sev1 sev2 sev3 sev-0 sev-1 sev-2 sev-3 prio1 prio2 prio-1 prio-2
    cc rn affirmative roger now immediately asap quickly quick urgently urgent today back again also too just simply really finally pronto
    straightaway actually basically so ok okay k kk alright yes yeah yep yup sure well hm hmm hmmm um umm uh er eh oh
    hence therefore thus consequently unfortunately sadly luckily obviously clearly
    ah ooh great cool nice perfect fine kinda damn damned bloody fucking fuckin freaking frigging goddamn fuck shit
    crap wtf omg ffs idiot moron dumbass stupid here hereby properly correctly fully completely stat instantly
    first-thing once-more then permanently forever btw yet-again emergency please-and-thank-you accordingly
    overall still currently presently gently swiftly cleanly safely
    > you|u stupid|dumb|lazy|useless|silly|damn|fucking|bloody|lovely|wonderful|beautiful? bot|robot|idiot|moron|machine|thing|piece
    > night|day|late|early shift|duty here; on-call|oncall|duty engineer here; no cap; copy that; rn fr|asap?; fr fr; deadass; not|non negotiable; non-negotiable; it's|its|it|this|that|thats|that's is? not|non negotiable; it's|its|it|this|that|thats|that's is? non-negotiable; over and out
    > right now; right away; straight away; as soon as possible|poss; as quickly|fast|soon as possible
    > as quickly|fast|soon as you|u can; at once; once more; one more time; for now; for the moment; for the time being
    > for good; until further notice; of course; by the way; from now on; from today; as of now|today; this time
    > you|u|damn|bloody|stupid piece of junk|shit|crap|garbage|work; for fuck|fucks|f|f's|god|gods|heaven|heavens|petes|christ sake|sakes; holy crap|shit|cow|moly
    > get it|this|that done; do the following; please|pls do the following; the following please|pls; task|request|job|ask|todo|action|something|work for you|u|routebot|bot
    > i|we need|could|can use? a hand|favour|favor|hand please?; need a hand; ok|okay|fine|good from my|our side|end; right|alright|okay|ok then|so|now; it's|its? me again; another|next|last|final one|thing|request|task|item|favour|favor|ask
    > one|quick|small|tiny|little|minor more|last|final|other? one|thing|request|favour|favor|task|ask; quick|short one; good|great stuff; as ever|always
    > i'm|im|i am afraid|sorry; i am afraid; the hell|fuck|heck; what the hell|fuck|heck; for real; god damn; for once; go ahead and?; go ahead and just
    > damn|screw|darn it; damnit; dammit; just do it; do|make|apply the|this following changes|change|things|settings|steps?; proceed to|and|with; just go and; go on and?; go and; feel free to; hurry up?
    > chop chop; come on; cmon
    > it's|its|it|this|that's is? very|quite|really|pretty|super|somewhat|kinda? urgent|important|critical
    > it's|its|this is? an emergency; high priority; top priority; prio 1|one
    > as discussed|agreed|requested|mentioned|usual|planned|advised; as we discussed|agreed; as you know
    > like we discussed|agreed; per our discussion|chat|call; as per our discussion|chat|call; once again; right here
    > and? while|whilst you're|you|ur|youre are? at it
    > and? then|so we're|i'm|im|were|we|i are|am? good|done|set|fine|happy; and that's|thats it|all
    > time to; it's|its time to; you|u there; are you there; you awake; u awake; with immediate effect
    > effective immediately|now; without delay; without further delay; i command|order you|u to; i am asking you|u to
    > i'm asking you|u to; i beg you|u to?; i ask you|u to`,
} as const satisfies Record<string, string>;
