/** The words by which judge-explanation.ts tells what only explains from what changes a request. */

/** "before we go live": a date of its own. */
export const events = new Set(
  "go live release deploy migrate ship start launch cut publish merge switch move upgrade begin test".split(
    " ",
  ),
);

/**
 * Words that speak for an act, though they would speak against a change: who cancels, rejects or undoes something may
 * say that it was a mistake or is not needed, who ends or extends something that it is done or not yet.
 */
export type Mild = ReadonlySet<string>;
/** For a change: no word speaks for it. */
export const none: Mild = new Set();
/** Of who cancels, rejects or undoes something. */
export const regrets: Mild = new Set(
  `wrong|mistake|mistaken|typo|test|testing|my mistake|my bad|not needed|no longer needed|not required|no longer required|
no longer necessary|have|has|know|see|understand|agree|like|trust|allow|accept|support|justify|approve|need|needed|required|necessary|anymore|obsolete|superseded|outdated|stale|unnecessary|environment|
env|wrongly|by mistake|sorry|done|already|fixed|solved|resolved|ready|longer|want|staging|prod|production|slot`
    .replaceAll("\n", "")
    .split("|"),
);
/** For an act with a number, whose object no name can change. */
export const noMild: Mild = new Set();
/** Who extends something may say that it is not finished; who ends it may not. */
export const extensions: Mild = new Set("done finished ready over complete completed fine".split(" "));
/** Of who ends something. */
export const conclusions: Mild = new Set(
  "done|finished|already|fixed|solved|resolved|ready|over|complete|completed|needed|no longer needed|not needed|need|fine".split(
    "|",
  ),
);

/** What is said of something that fails. */
export const describing = new Set(
  "no longer|not working|down|dead|urgent|critical|blocked|broken|slow|stuck|failing|unreachable|important|slooow".split(
    "|",
  ),
);

/** What several are said to do: "deploys hang", "users complain". */
export const happens = new Set(
  `fail break hang crash time complain suffer wait die expect require accept depend rely sit live reach talk connect call
   point hit throw burn lose miss pay log keep stop go come see get know believe realise realize appreciate understand
   noticed locked`.split(/\s+/),
);

/** What was done to something, and says nothing of the routing. */
export const happened = new Set(
  "moved pushed pulled sent ran brought got put used changed updated added dropped shifted passed made took cut".split(
    " ",
  ),
);

/** Words after which a negation speaks of something that fails, not of what was asked. */
export const failing = new Set(
  `work working reach reachable reaching resolve resolving connect connecting respond responding answer answering start
   starting load loading function functioning pull pulling download access see talk get find come finished over helping
   responsive available reached resolved contacted opened loaded started pulled log login sign pay order checkout send receive open save print build fetch auth authenticate verify
   validate book buy read write mount upload sync accessible stable handle deploy boot respond online healthy`
    .trim()
    .split(/\s+/),
);

/** Negations that may be said of something that fails. */
export const failingNegations = [
  "can't",
  "cant",
  "cannot",
  "doesn't",
  "doesnt",
  "does not",
  "can not",
  "isn't",
  "isnt",
  "aren't",
  "arent",
  "won't",
  "wont",
  "couldn't",
  "couldnt",
  "don't",
  "dont",
  "didn't",
  "didnt",
  "do not",
  "not yet",
];

export const gates = new Set(
  `accept accepts allow allows trust trusts permit permits take takes support supports listen listens work works answer
   answers want wants let lets know knows whitelist whitelists see sees speak speaks`.split(/\s+/),
);

/** Words that widen a request or leave out a part of it. */
export const wider = new Set(
  `too also same again instead both then next additionally likewise other others rest remaining another else stays stay
   leave left public publicly`.split(/\s+/),
);

/** What "on" may lead to without naming a site. */
export const onWhat =
  "fire a the our call it us me start startup boot login deploy deployment restart every each fridays".split(
    " ",
  );

/** Endings of adjectives: after "it is" they are no name. */
export const fittingEnds = /(?:ed|ing|ous|ful|less|able|ible|ly|ish|ical|ty|wn)$/;
/** Adjectives without such an ending. */
export const fitting = new Set(
  `down dead urgent critical broken slow stuck bad red hot crap shit garbage rubbish toast kaput kaputt borked bust busted
   laggy wonky flaky weird odd off-line offline unreachable prod-critical painful horrible terrible awful important
   new late early big huge serious severe nasty messy noisy loud cold wet bleeding insane crazy nuts mad sick tired
   required necessary mandatory normal private secure safe compliant good better best nice great true clear obvious sad
   fucked screwed fubar`.split(/\s+/),
);

/** Prepositions and the like: never a name. */
export const placing = new Set(
  "for to in at of with by from as than about behind under over into through via against within like between because so very more most much no how what where".split(
    " ",
  ),
);

/** What the request itself goes by: what is said of these is said of it. */
export const ofTheRequest = new Set(
  `change changes request requests approval approvals window windows slot slots plan plans cab board council decision
   vote ticket proposal idea card matter step task order instruction command freeze rollout roll-out routing`.split(
    /\s+/,
  ),
);

/** Said of the request, these settle or stop it; said of anything else, they are why it is made. */
export const ofThings = new Set("blocked waiting wrong enough public publicly".split(" "));

/** What was done to be sure. */
export const checked = new Set(
  "tested verified validated reproduced cleared checked reviewed inspected".split(" "),
);

/** Prepositions that look like what somebody does. */
export const leading = new Set(
  "during according concerning regarding following including excluding considering starting beginning depending barring providing assuming notwithstanding".split(
    " ",
  ),
);

/** What a request may be for: "to satisfy the auditors", "we need to reach the database". */
export const purposes = new Set(
  `reach access get use see try comply connect resolve fix satisfy pass meet unblock debug solve prepare support
   protect secure troubleshoot investigate`.split(/\s+/),
);

/** Words that say that the request is settled, was another time's, or is no request. */
export const overtaken = new Set(
  `done did already sorted fixed solved resolved handled settled fine ok okay plan planned plans idea hypothetical
   hypothetically story title subject thought hope hoping guess dream wish sounds thinks later everything-else
   approval approvals agenda step steps checklist vote consensus permission signoff proposal suggestion suggestions draft
   template option options candidate decision discussion topic away gone recovered healthy green resolves feet thoughts
   disagrees disagree objects opposes opposed protests protested hesitates dislikes hates declines rolled undid
   decides ideas decisions proposals drafts questions reviews discusses confirms determines templates candidates conditions
   decided decide against discussed discuss talk think sleep review check object objection objections disagree refuse concern concerns risky
   meaning minds mind sense question wrong mistake misunderstanding opposite reverse contrary blocked frozen withdrawn
   agree agrees given hold yesterday earlier ago previously would could may might must shall nobody obsolete superseded moot outdated stale
   cancelled canceled unnecessary pointless useless kidding ready wrongly mistaken enough optional sometimes
   pending waiting supposed supposedly ideally normally usually`.split(/\s+/),
);
