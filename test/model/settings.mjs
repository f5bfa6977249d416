/** The clouds, as far as they differ in what can go wrong. */
const EC2 = { idempotent: true, keepsTerminated: true };
const DIGITAL_OCEAN = { idempotent: false, keepsTerminated: false };

const NONE = {
  crashes: 0,
  lostReplies: 0,
  noRoom: 0,
  errors: 0,
  patience: 0,
  strangers: 0,
  deletes: 1,
  stops: 0,
  starts: 0,
};
/** A worker is killed once, and one reply is lost, anywhere. */
const FAULTS = { ...NONE, crashes: 1, lostReplies: 1 };

/** What is explored: each small enough to be walked through to the end. `quick`: in every test run. */
export const SETTINGS = {
  'EC2, a launch': { ...EC2, nodes: 1, places: 1, repair: false, budgets: FAULTS },
  'DigitalOcean, a launch': {
    ...DIGITAL_OCEAN,
    nodes: 1,
    places: 1,
    repair: false,
    budgets: FAULTS,
  },
  'EC2, without room': {
    ...EC2,
    nodes: 1,
    places: 2,
    repair: false,
    budgets: { ...NONE, noRoom: 1 },
  },
  'DigitalOcean, given up on': {
    ...DIGITAL_OCEAN,
    nodes: 1,
    places: 1,
    repair: false,
    budgets: { ...NONE, lostReplies: 1, patience: 1 },
    quick: true,
  },
  'EC2, refused': {
    ...EC2,
    nodes: 1,
    places: 1,
    repair: false,
    budgets: { ...NONE, errors: 1 },
    quick: true,
  },
  'EC2, rows held against old lists': {
    ...EC2,
    nodes: 1,
    places: 1,
    repair: true,
    oldLists: true,
    budgets: NONE,
    quick: true,
  },
  'DigitalOcean, repaired': {
    ...DIGITAL_OCEAN,
    nodes: 1,
    places: 1,
    repair: true,
    budgets: { ...NONE, strangers: 1 },
  },
};

/** Defects by their names in the model: where each shows, and as what. */
export const BROKEN = {
  'token-after-call': {
    setting: 'EC2, a launch',
    what: ['two servers for one node', 'a server of an environment that is gone'],
  },
  'no-claims': { setting: 'DigitalOcean, a launch', what: ['two servers for one node'] },
  'close-while-others-send': {
    setting: 'EC2, without room',
    what: ['two servers for one node', 'a server of an environment that is gone'],
  },
};
