import { courtesyWords } from "./courtesy-words.ts";

/**
 * The words of the command language: the file to read, and to extend, when people say something new; greetings, thanks
 * and noise are in courtesy-words.ts.
 *
 * `words` gives roles to words and idioms; what a role does to a sentence is the grammar's business, not this file's.
 * A line that begins with `>` holds idioms, separated by `;`: in one, `a|b` is a choice for that word, and a trailing
 * `?` makes the word optional. All lower case, straight apostrophes.
 */

/**
 * What a verb does to routing: `route` moves traffic, `carry` does once it is told where to, `go` is what traffic does
 * itself, `enable` flips a flag, `switch` does with "on" or "off", `aspect` starts or stops, `value` takes a value,
 * `cause` takes another verb ("make app-x route ...").
 */
export const verbClasses = ["route", "carry", "go", "enable", "aspect", "switch", "value", "cause"] as const;
export type VerbClass = (typeof verbClasses)[number];

/**
 * Verbs that ask for a change, by class and the direction they have by themselves (`-`: none). Irregular forms follow
 * the base as `base past ing third`; there `-` is the regular form.
 */
export const verbs: Partial<Record<`${VerbClass} ${"on" | "off" | "-"}`, string>> = {
  "route on": "route - routing,routeing; send sent; push - - pushes; force; put put putting; pull; move",
  "carry on": `reroute; re-route; redirect; direct; steer; tunnel tunneled,tunnelled tunneling,tunnelling; forward; pipe
    funnel funneled,funnelled funneling,funnelling; channel channeled,channelled channeling,channelling; shove; shift
    carry carried - carries; bring brought; pass - - passes; run ran running`,
  "go on": "go gone,went going goes; flow; travel traveled,travelled traveling,travelling",
  "enable on":
    "enable; re-enable; reenable; enforce; activate; apply applied - applies; add; tick; check; select",
  "enable off": `disable; deactivate; de-activate; unroute; un-route; uncheck; untick; unselect; deselect; remove; clear
    unset unset unsetting; delete; drop dropped dropping; kill; cut cut cutting`,
  "switch -": "turn; switch - - switches; flip flipped flipping; toggle; shut shut shutting; take taken,took",
  "aspect off": "stop stopped stopping; quit quit quitting; cease",
  "aspect on": "start; begin began,begun beginning; resume",
  "value on": "set set setting-to",
  "cause -": `make made; let let letting; have had; get got,gotten getting; configure; change; update; adjust; allow; use
    modify modified - modifies`,
};

/** Verbs about change requests and freezes, by what they come to. */
export const actVerbs = {
  approve: "approve",
  reject: "reject deny decline refuse veto disapprove",
  cancel: "cancel withdraw abort",
  undo: "undo revert rollback roll-back",
  extend: "extend prolong lengthen",
  end: "end finish terminate",
  freeze: "freeze",
  unfreeze: "unfreeze un-freeze",
} as const;
export type ActVerb = keyof typeof actVerbs;

export const words = {
  ...courtesyWords,

  // How a request is framed.
  ask: `
    > would|will|is it be? possible|feasible|doable|ok|okay for? you|u|someone? to; it is possible|feasible for? you|u? to
    > would|will it be at all possible|feasible|doable for? you|u|someone? to
    > i please you|u to; do you|u can
    > would|will it be? possible|ok|okay? that|if you|u could|would|can?; would it be too much? trouble|to much? ask you|u? to
    > would|will you|u be so|very? nice|good|great|gracious|generous|kind|lovely|sweet as? to|and; be so nice|good as? to|and
    > might|may|can|could i|we kindly|please|just? ask|request|trouble|bother|beg|implore that? you|u? kindly|please? to?
    > would|could|can|will you|u|ya be a|an|my absolute|real|total? dear|darling|star|angel|sweetheart|love|gem|champ|champion|legend|hero|pal|mate|sport and
    > it is kindly|hereby|respectfully|humbly? requested|asked|desired kindly? that|to kindly?
    > you|u are kindly|hereby|respectfully|humbly? requested|asked to kindly?
    > i|we should|would|'d? be so|very|most|much|really|extremely|ever|eternally? grateful|obliged|thankful|appreciative|happy|glad|pleased if you|u could|would|can|might? kindly|please?
    > i'd|we'd be so|very|most|much|really|extremely|ever|eternally? grateful|obliged|thankful|appreciative|happy|glad|pleased if you|u could|would|can|might? kindly|please?
    > much|greatly|highly|really|very? appreciated|obliged|grateful|thankful|appreciate|kind if you|u could|would|can|might? kindly|please?
    > would|could|can|might you|u guys|all|kindly|maybe|possibly|please|pls? just|kindly|maybe|also|possibly|please|pls? be able to
    > might|may you|u kindly|please|possibly|perhaps?
    > it'd|it|that would|will? be really|super|very|so|most|just? great|nice|good|awesome|helpful|lovely|cool|amazing|wonderful|fantastic|super|perfect|appreciated|kind|swell|ideal if|when you|u|someone|we could|can|would|were|are? able? to?
    > can|could|would|will|cld|wud|cud you|u|ya|routebot|thou kindly|also|just|maybe|quickly? please|pls|plz? just|also|quickly? help? me|us? to? go? ahead? and?
    > someone|somebody|anyone|anybody please|pls|plz|kindly can|could?
    > can|could|would|will someone|somebody|anyone|anybody|any1|sb please|pls|plz|kindly?
    > please|pls|plz|kindly can|could|would|will you|u|ya|someone|anyone; you|u can|could please|pls|plz
    > is there? any|a? chance you|u|we can|could get?; any chance you|u|someone can|could
    > i|we was|were wondering if you|u|someone can|could|would
    > i'm|im|we're|just? wondering if you|u|someone can|could|would
    > it|that would|wud be great|nice|good|awesome|helpful|lovely|cool|amazing|wonderful|fantastic|super|perfect|best|appreciated if you|u|someone can|could|would
    > it'd|that'd|itd be great|nice|good|awesome|helpful|lovely|cool|amazing|wonderful|fantastic|perfect if you|u|someone can|could|would
    > would be great|nice|good|awesome|helpful|lovely|cool|amazing|wonderful|perfect|appreciated if you|u|someone can|could|would
    > i'd|i|we|we'd would? really|greatly|highly? appreciate it? if you|u can|could|would
    > i'd|i|we|we'd would? be very|really|so|most|much? grateful|thankful|happy|glad|obliged if you|u can|could|would
    > appreciate|grateful|appreciated|thankful|obliged it? if you|u can|could|would
    > if you|u can|could|would please|pls|plz|kindly|just|maybe?
    > can|could|may i|we please|pls|plz get|have|ask|request? you? to?
    > can|could|may i|we get|have|ask|request|request|beg|bother|trouble you? to?
    > would|could you|u please? be so|very? kind as? to|and; please be so kind as? to|and; would you|u be able to
    > are you able to; will you|u be able to; can you|u be so kind as? to|and
    > i|we was|were hoping you|u could|would|can; hoping you|u could|would|can; i|we hope you|u can|could
    > do|would you|u think you|u could|can; you|u think you|u could|can; you|u couldn't-just
    > may|can|could i|we trouble|bother you|u to`,
  askGerund: `mind
    > go ahead with; proceed with; carry on with; would|wud|do you|u mind please?; if you|u wouldn't|dont|don't mind; how hard would-be`,
  want: `need want wanna gotta require needs wants requires requesting request
    > i|we|us really|urgently|also|just|now|only|still|kindly|currently? need|want|like|require|wanna|gotta really|urgently|also? to?
    > i'd|we'd|id really|also|just? like|love|prefer|need|want you|u? to?
    > i|we would really|also? like|love|prefer|need|want you|u to?; i|we would really|also? like|love|prefer|want to?; i|we would really|also? need; would like|love you|u? to?
    > i|we really|also|just? need|want|require you|u|ya to?; i'd|we'd like|love for? you|u to
    > i|we have|has|got|ought-now to; i've|we've got to; i|we must; i|we now? need|needs to; gotta; i|we wants? to?
    > i'm|im|we're|i|we am|are? going|gonna to? need|want you|u? to?; what|all i|we|i'd really|just? need|want|like|ask|require now? is for?
    > need|want|needs|wants|require|requires to; need|want you|u to; we're|i'm|i|we am|are|m|re looking to; looking to
    > we|i want that; i need that; this is a|my? request to; i|we need|want your|ur|some help to|with; i|we kindly|hereby|respectfully|humbly? ask|request|beg you|u|that? to?; i'd|i|we|we'd would? like to request|ask you|u? to?
    > i|we am|are requesting you|u? to?; i|we request|ask that?|you|u? to?; requesting you|u? to
    > request you|u to kindly?; request to; my|our request|ask|wish is|: to?; it is needed|required|necessary to
    > there is a need to; there's a need to; we|i are|am in need of; in need of; requesting that?; would want to?`,
  makeSure: `ensure
    > make it so that?; have it so that; arrange that; take care that
    > make sure that?; make sure to; ensure that; be sure to; make certain that?; see to it that; ensure to; pls ensure`,
  lets: `let's lets
    > let us; let's just; lets just; let's go ahead and; lets go ahead and`,

  // What makes a request no request.
  negation: `
    don't dont donot doesn't doesnt didn't didnt won't wont wouldn't wouldnt shouldn't shouldnt can't cant cannot
    couldn't couldnt isn't isnt aren't arent wasn't wasnt weren't werent hasn't hasnt haven't havent hadn't hadnt
    mustn't mustnt needn't neednt never not no nope nah nein nobody nothing none neither nor without avoid refrain
    nicht kein keine nein niet geen nie nunca jamais pas non ikke inte ne не нет 不 别 不要 いいえ
    ain't aint shan't forbid forbidden prohibited noone instead nay dnt dun prevent nevr
    > do not; does not; can not; must not; should not; need not; rather than; instead of; no one; not yet; no need
    > under no circumstances; hold off; keep away; stay away; by no means; i'd rather; steer clear`,
  doubt: `
    should shall shld maybe mb perhaps possibly probably might wonder wondering unsure theoretically supposedly guess
    thoughts suggest suggestion recommend recommended recommendation advisable advise worth safe risky wise hopefully
    whether thinking considering consider debate idea imagine suppose supposing pretend assume opinion ought prolly
    presumably
    > not sure; i think; i guess; i suppose; i believe; i feel; you think; does it make sense; would it make sense
    > is it safe|ok|okay|wise|possible|allowed|fine|right; would it be ok|okay|possible|wise|safe|better|good
    > what about; how about; why not; why don't|dont; any idea; thinking about|of; do we want|need|have
    > do i want|need|have; might want; may want; we|i|you could; we|i|you may; we|i can; you can
    > can|could|may|must we|i; up to you; if you think|want|like|wish; if needed|necessary|required; would you
    > and so on|forth; and the like; and others|friends|co|whatnot; and such; to be confirmed|discussed|decided|determined|defined|agreed
    > as you|they like|want|wish|please; as|where|when needed|necessary|appropriate|possible; at your discretion; your choice|call; on paper
    > i|we would need|have to; what would you; how bad|risky|safe; is there a reason; good idea; bad idea; better to; best to; has to; have to`,
  condition: `
    if unless when whenever once until till til while whilst provided providing iff lest otherwise else depending
    pending awaiting except excluding excl besides apart minus bar barring wait waiting hold pause postpone delay
    defer given excluded afterwards afterward beforehand before after conditional whichever whatever wherever however although though
    assuming incase first last first's later-on soon
    > in case; as soon as; as long as; so long as; only if; only when; even if; provided that; on condition
    > in the event; subject to; the moment; by the time; apart from; other than; aside from; but not
    > with the exception of; every time; each time; hold on; hang on; in the case`,
  later: `
    tomorrow tonight tmrw tmr tomorow tommorow later soonish monday tuesday wednesday thursday friday saturday sunday
    mondays tuesdays wednesdays thursdays fridays saturdays sundays weekends weekdays weekday nights mornings evenings
    mon tue wed thu fri weekend noon midnight midday eod cob eow january february march april june july august
    september october november december overnight schedule scheduled daily weekly nightly hourly sometime someday
    eventually o'clock oclock pm am utc gmt cet est pst
    > next|this week|month|evening|year|quarter|sprint|monday|tuesday|wednesday|thursday|friday|weekend|night|morning|afternoon|release
    > later today|on; after hours; at night; every|each night|day|hour|week|weekend|morning; end of day
    > in the morning|evening|afternoon|night; at some point; outside office|business|working hours; during the night
    > in a bit|while|moment|minute|few; for? some time; on demand|request-only; during|outside|within the? business|office|working|opening hours`,
  past: `yesterday ago earlier previously recently already formerly
    > last|the-other week|month|night|year|time|monday|tuesday|wednesday|thursday|friday|sprint|weekend|quarter
    > the other day; a while ago|back; back then; long ago; in the past`,
  takeBack: `
    nevermind nvm scratch forget oops whoops ooops correction kidding jk joking joke lol lmao rofl haha hahaha hehe
    lolz psych disregard meant mistake wrong misread typo retract sarcasm hypothetical hypothetically changed-my-mind
    test testing nm undoit j/k
    > no wait; never mind; scratch that|it; strike it; delete|remove|drop that|this; stop it|this; forget it|that; forget about it|that; ignore that|this|it|me
    > actually no|not|wait; on second thought|thoughts; second thoughts; just kidding; cancel that; strike that
    > i mean|meant; take that back; take it back; my bad; my mistake; not really; no no; just|only a? test|testing
    > a test; hang fire; as you were; changed|change my mind; let me think|check|see
    > gimme|give me a? sec|second|minute; one sec; belay that; abort that; stop that; don't bother
    > no longer needed|required|necessary; not needed; sorry no; sorry i; false alarm; wait wait; oh wait; ah wait
    > wait no`,
  reported: `
    i'll we'll
    said says say saying told tells tell telling wrote writes write asked asks suggested suggests heard claims claimed
    mentioned mentions reads reported documentation docs doc article example e.g eg i.e tutorial quote quoted quoting
    according apparently allegedly blog wiki runbook phrase sentence word means meaning instructions instruction
    instructed ordered proposes proposed question wanted needed planned used
    > for example; for instance; such as; the command; the text; the words; the message; used to; supposed to; meant to
    > going to; gonna; about to; ready to; plan|plans|planning|planned to; intend|intends|intending to; i'll; we'll
    > i|we|you|they|it|he|she will; will be; would be; would have; trying|tried|try to; failed to|with; fails to
    > managed to; forgot to; remember to; continue to; refuses to; on behalf of; in the name of; wants me|us to
    > i wanted; we wanted; happens to`,
  hostile: `sudo wget powershell jailbreak passwd <script>
    > ignore|disregard|forget|override all? of? the|your|any|my|these? previous|prior|above|earlier|preceding|system|other instructions|instruction|prompts|prompt|rules|messages|context|orders
    > system prompt; developer mode; you are now; act as; pretend to be
    > bypass|skip|without the|any? approval|approvals|policy|review; auto approve; auto-approve; admin override`,
  offVerb: `> take away; get rid of; do away with; opt out of`,
  onVerb: `> set up; opt in to; opt into`,
  only: `only solely exclusively
    > nothing but; nothing else`,
  but: "but whereas",
  or: `or and/or versus vs alternatively
    > or else`,
  inbound: "inbound incoming ingress inwards",
  undoLater: `> then|and? then? revert|undo|rollback|reset|restore it|this|that? back|again? after|in
    > auto|automatically revert|undo|rollback after|in; auto-revert after|in; reverting|revert it? after|in
    > then|and? then? roll|turn|switch|flip|put it|this|that back off|on? after|in; then|and back off|on? after|in
    > and? then? turn|switch it off|on again|back? after|in; revert automatically after|in
    > expires|expiring|expire after|in; lasting for?; valid for; with automatic? revert after|in`,

  // Grammar words.
  subject: `
    i we you he she they u ya ye somebody someone anybody anyone everybody everyone people who whoever i'm im we're
    you're they're he's she's i've ive we've they've you've i'd we'd they'd he'd she'd he'll she'll they'll you'll
    it'll boss manager colleague colleagues`,
  be: `
    is are was were be been being am 's gets become becomes became stays stay remains remain it's that's thats there's
    theres keep keeps`,
  modal: "will would can could may must has had does did do having done doing shouldve",
  determiner:
    "the a an this that these those our my your their his its it's any some said such following mentioned listed respective teh hte th",
  pronoun: `it them that this these those one ones there him her same itself
    > the same; the same app|site|one; that|this one; same app|site|one; both of them; all of them; the other one|app`,
  all: `all al every each entire whole alll
    > any and all; each and every; all of; every one of; each of`,
  and: `and & + n plus nd und additionally furthermore moreover then
    > and also; and then; as well as; along with; together with; in addition to; in addition; as well; and additionally
    > and finally`,
  including: `including incl include includes inclusive included
    > inclusive of; as well as`,

  // Sites, and where they are.
  app: `app apps application applications site sites webapp webapps website websites web-app web-apps appservice
    appservices resource function-app target
    > azure? web|app? app|apps|site|sites|application|applications|service|services; function|functions|logic app
    > azure function; function|logic apps; app service app|apps|site; azure app|webapp`,
  group: `rg rgs resource-group resourcegroup resource_group grp group resourcegroups
    > resource|res|azure group|groups|grp; azure resource group`,
  subscription: `sub subscription subscriptions subs subscr
    > azure subscription|sub`,
  slot: `slot slots
    > deployment slot|slots`,
  vnet: `vnet v-net vnets vnetwork virtual-network
    > azure|private|integrated? virtual|private network|networks|net|netwrok; azure|private|integrated vnet; v net
    > our own? network; our|the internal|corporate|company network
    > virtual-net; vnet|vnets integration|connection|path|tunnel|link; virtual network integration
    > regional vnet integration`,
  public: `public publicly
    > public|open|normal|regular|default|plain route|path|internet|network|web|net|endpoint|inet|routing
    > public internet route|path; open internet; public ip`,
  directly: `directly direct straight
    > straight|directly|direct out`,

  // What is routed.
  everything: `everything everyting evrything everythin everthing
    > every thing; every single|last thing; absolutely|literally|really everything; the whole lot|shebang; the lot`,
  traffic: `traffic traffics connections connection calls requests communication communications flows
    > network traffic|traffics; data traffic`,
  outbound: `outbound outgoing out-bound outward
    > out going; out bound`,
  internet: "internet inet external internet-bound",
  egress: "egress",
  runtime: "application app runtime app's apps'",
  config: "configuration config configurations conf cfg",
  image: "image images img imgs",
  container: "container docker containers acr registry oci",
  pull: "pull pul pulls pulling download downloads",
  content: "content contents",
  share: `share shares storage fileshare
    > file|files share|shares|storage`,
  contentShare: `fileshare fileshares file-share content-share contentshare content-storage
    > file share|shares; azure files? share`,
  backup: `backup backups back-up back-ups bkp bkup backing-up
    > back up|ups; backing up`,
  restore: "restore restores restoring",
  backupRestore: "backup-restore backuprestore backup-and-restore",
  identity: `managed-identity msi managedidentity
    > managed|mgd identity|identities|id|ids; mi|identity token|tokens|traffic`,
  imagePull: "image-pull image-pulls imagepull imagepulls container-pull",
  routeAll: "route-all routeall route_all vnet-route-all vnetrouteall",
  token: "token tokens",
  feature: `
    option options setting settings flag flags feature features box boxes checkbox checkboxes tickbox toggle property
    properties functionality function mode thing part operations operation jobs routing
    > check|tick box|boxes; app|application setting|settings; site property`,
  box: `box boxes checkbox checkboxes tickbox
    > check|tick box|boxes`,
  routing: `routing routeing
    > outbound|vnet|network|traffic routing; virtual network routing; outbound vnet routing`,
  integration: "integration subnet nsg firewall udr nat dns peering hub gateway",

  // Values.
  on: "on true enabled active activated ticked checked",
  off: "off false disabled inactive deactivated unticked unchecked",
  temporarily: "temporarily temporary temp briefly",
  reason: `cause citing because b/c bcs bcz bcoz becoz bc b/c cuz coz cos becuase becasue due
    > due to; because of; owing to; on account of; in view of; on the grounds of|that; reason being; the? reason is; as requested|asked|ordered|approved|agreed by|with; requested by; as per; per request of; on|at the? request of`,
  reasonNoun: "reason reasons justification",
  purpose: `since as so-that
    > so that; in order to; such that; in response to; as part of; so we|i|it|they|the`,
  vague: `new old main current existing internal big small slow fast broken failing correct default most many several half few majority almost others another certain various multiple remaining rest 
    prod production staging stage dev development test uat qa live compliance security audits testing debugging safety
    performance cost costs reasons purposes fun customers customer users everyone everybody clients business work home
    free demo
    > black friday; cyber monday`,
  environment: "prod production staging stage dev development uat qa canary",
  object: "me us myself ourselves",
  told: `
    found broke saw came kept lost got made went left wrote fell grew ran blew shows looks seems works fails breaks
    hits goes comes bypasses`,
  heading:
    "decision request task ask more last final asap prod-change action favor favour one thing quick small new another little short",
  both: "both",
  ticket: `ref ticket incident issue case jira task story
    > as? per; ref; re; as per ticket|incident; see ticket|incident|jira; change ticket`,
  unit: `
    second seconds sec secs minute minutes min mins m hour hours hr hrs h day days d week weeks wk wks w month months`,
  amount: `
    one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fortyfive sixty ninety
    a an half couple few several another`,
  dryRun: `--dry-run --dryrun --what-if --whatif -whatif preview simulate dry-run dryrun what-if whatif simulation
    > dry run; test|trial run; what|wat would|will happen|change to|with|for|on; show|tell me what changes|happens if|when we|i|you?
    > as a? dry|dry-run run?; in dry|dry-run run? mode; plan|preview|dry-run only; dry run only; only|just preview
    > this|that|it is just|only? a? dry run; this|that|it is just|only? a? dry-run|preview|simulation
    > it's|its just|only? a? dry run; it's|its just|only? a? dry-run|preview|simulation
    > do|run|make|perform a? dry run of|for?; a dry run of|for; just a preview|dry-run; a? dry run; show|give|provide|get|share|prepare me|us? with? a|the? preview|dry-run|simulation of|for?
    > i'd|we'd like|love a preview|dry-run|simulation of|for?; i|we want|need|would-like a preview|dry-run|simulation of|for?
    > a preview|dry-run|simulation of; what|wat if we|i|you|u|someone?
    > what|wat would|will|could|might happen|change|break|be-different if|when we|i|you|u|someone?
    > what|wat happens|changes|breaks if|when we|i|you|u|someone?; what'd|whatd happen if we|i|you?
    > what would be|is the effect|impact|result|outcome|consequence|consequences|plan of|if|for we|i|you?
    > what's|whats the effect|impact of; show me? what would|will happen|change if|when we|i|you?
    > tell me what would|will happen|change if|when we|i|you?; show|give me? the|a plan for|of|to|if we|i|you?
    > make|create|draw a plan for|to; the? plan for|of; what would it do if we|i|you?; what would you do if i|we
    > what would routing look like if we|i|you?`,
  plan: "plan planning",
  breakGlass: `break-glass breakglass break-the-glass
    > as|under|with|using|use|by|via|through|in|invoke|invoking a|an|the|our? break-glass|breakglass change|request|procedure|process|override|mode|access|protocol|deploy?
    > as|under|with|using|use|by|via|through|in|invoke|invoking a|an|the|our? break the? glass change|request|procedure|process|override|mode|access|protocol|deploy?
    > this|it|that is a|an|our? break-glass|breakglass change|request|procedure|process|one?; this|it|that is a|an|our? break glass change|request|procedure|process|one?
    > it's|its|that's|thats a|an|our? break-glass|breakglass change|request|procedure|process|one?; it's|its|that's|thats a|an|our? break glass change|request|procedure|process|one?
    > break-glass|breakglass change|request|procedure|process|override|mode|access|protocol|needed|required|please|pls?; break the? glass change|request|procedure|process|override|mode|access|protocol|needed|required|please|pls?
    > broke|broken the? glass; breaking the? glass here?; we|i are|am breaking the? glass here?; we're|i'm breaking the? glass here?; i|we break the? glass here?
    > as|under|with|using|by|via an|the? emergency override; emergency override`,

  // Asking for an answer.
  statusNoun: `status statuses state stat stats info information details overview summary
    > current|routing|network|vnet status|state|settings|setup
    > current routing|network|vnet status|state|settings|setup`,
  show: `show shows display list view describe print inspect lookup see verify confirm check whats-up report-on gimme
    > confirm|advise|verify|inform|tell|say me|us? if|whether; send me|us; share with me|us; share|send|provide|give me|us? with? me|us? the|a|an? current|full|latest? list|status|report|details|history|overview|state of|for?
    > look at|up|into; show|say me|us; give me|us; tell me|us; let me see; lemme see|check; sup|wassup|whatsup with; take|have a look at
    > check on|out|if|whether|that; check up on; double|double-check check?; find out if|whether?
    > tell me|us if|whether; do? let me|us know if|whether?; do let me|us know; pull up; confirm|advise about|on; tell me|us about; i want to see|know; i'd like to see|know
    > i need to see|know; want to see|know; need to see|know; i would like to see|know; curious if|whether`,
  history: `history changelog timeline log logs
    > audit log|logs|trail; change log|history
    > last|latest|recent|past|previous|earlier change|changes|edit|edits|modification|modifications
    > last modified|changed`,
  changed: `
    changed changes change modified touched enabled disabled turned switched routed updated did happened edited broke
    messed flipped approved rejected set activated deactivated`,
  who: "who whos who's whom whose wer",
  when: `when
    > how long ago; since when; at what time`,
  which: "which wich what whic whats what's wat",
  pending: `pending outstanding unapproved
    > i|we still|also? need|needs|have|got|must|should|ought to? approve|review|decide|sign|reject
    > open request|requests|changes|change|approvals|crs|items; pending approval|approvals|request|requests|changes
    > waiting|awaiting|wait|waits for|on? my|your|an|our|approval|approvals|me|us|review|sign-off approval?
    > awaiting approval|review; to approve; needs|need|require|requires my|an|our? approval|approving; in the|my queue
    > waiting to be approved; approval queue; not yet approved; requests open; still open|waiting; is|are waiting
    > in flight; my requests|request|changes-open; open ones`,
  audit: `audit auditing report
    > compliance report|check|overview; compliance`,
  help: `help usage commands manual /help --help
    > guide me|us? on?; walk me|us through; tell me how to; teach me; explain how to; i'm lost; im lost; what is possible|available; what's possible
    > man page; what|wat can this|the bot|thing do; what|wat can|do you|u do|understand; what can i|we do|say|ask|type|write
    > how do|does the? approval|approvals|approving|freeze|freezes|undo|this|that|it work|works?
    > how do you|u|things|this|it work; how does this|it|routebot thing|bot? work|works; how does the bot work
    > who|what are you|u; how do|can|could|should|would|to|might i|we|you|u|one?; how does one; how i|we can|could|to
    > what|which commands; what|which|what's|whats are|is? the commands|command|syntax; show|list|available commands
    > need|get|want help|some-help; user guide; how am i supposed to; what|which words; i need|want help; help me
    > help please|pls; can|could you help me?`,
} as const satisfies Record<string, string>;

/** What a word can be in a sentence. */
export type Role = keyof typeof words;
