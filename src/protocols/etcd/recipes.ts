/** The services Lock and Campaign of a member: it runs the recipes of the client library itself. */
// As in etcd's v3lock and v3election, the member is its own client: it sends itself the requests of
// the recipe. When the client's connection ends while it waits, the member removes its key from the
// queue; when only the answer is lost, the key stays for as long as its lease.
import type { Frozen } from '../../protocol/types.ts';
import {
  type Answer, type EtcdRequest, fromRecipe, isFailure, type Recipe, sessionTtl, type TxnAnswer,
} from './api.ts';
import { answer, type Server } from './leadership.ts';
import {
  enqueueTxn, leaveTxn, placeOf, predecessorRead, proclaimTxn, resignTxn,
} from './queue.ts';
import type { Caller, RunningRecipe } from './state.ts';

export function beginRecipe(node: Server, caller: Caller, recipe: Frozen<Recipe>): void {
  const { state } = node;
  const number = ++state.serial;
  state.recipes[number] = {
    caller, recipe, key: '', createRevision: 0, revision: 0, step: 'grant',
  };
  if (recipe.lease !== '') return enqueue(node, number, recipe);
  // Without a lease of the client, the member's session requests one, and never renews it: v3lock
  // and v3election call Orphan.
  requestOf(node, number, { op: 'lease-grant', lease: '', ttl: sessionTtl });
}

function enqueue(node: Server, number: number, recipe: Frozen<Recipe>): void {
  const { name, lease } = recipe;
  Object.assign(node.state.recipes[number], { recipe, key: placeOf(name, lease), step: 'enqueue' });
  requestOf(node, number, enqueueTxn(name, lease, valueOf(recipe)));
}

function valueOf(recipe: Frozen<Recipe>) {
  return recipe.op === 'campaign' ? recipe.value : '';
}

function requestOf(node: Server, number: number, command: EtcdRequest): void {
  node.send(node.id, { type: 'Request', request: number, command });
}

export function recipeAnswered(node: Server, number: number, given: Frozen<Answer>): void {
  const running = node.state.recipes[number];
  if (running === undefined) return;
  if (running.step === 'withdraw') return end(node, number);
  if (isFailure(given)) {
    answer(node, running.caller, fromRecipe(given));
    // A lock gives up its place; a candidate does so only if its client is gone.
    if (running.step === 'predecessor' && running.recipe.op === 'lock') withdraw(node, number);
    else end(node, number);
    return;
  }
  if ('lease' in given) enqueue(node, number, { ...running.recipe, lease: given.lease });
  else if ('responses' in given) advance(node, number, running, given);
}

function advance(
  node: Server,
  number: number,
  running: RunningRecipe,
  given: Frozen<TxnAnswer>,
): void {
  const { recipe, step } = running;
  const [found, first] = given.responses;
  if (step === 'enqueue') {
    running.createRevision = given.succeeded ? given.revision : found[0].createRevision;
    running.revision = given.revision;
    if (recipe.op === 'lock' && first[0].createRevision === running.createRevision) {
      return finish(node, number, running);
    }
    const isOther = !given.succeeded && found[0].value !== valueOf(recipe);
    if (recipe.op === 'campaign' && isOther) {
      running.step = 'proclaim';
      const { key, createRevision } = running;
      const txn = proclaimTxn(key, createRevision, recipe.lease, recipe.value);
      return requestOf(node, number, txn);
    }
  }
  if (step === 'predecessor') {
    const [before] = found;
    if (recipe.op === 'lock') running.revision = given.revision;
    if (before === undefined) return finish(node, number, running);
    running.step = 'wait';
    const fromRevision = given.revision;
    node.send(node.id, {
      type: 'WatchCreate', watch: number, key: before.key, prefix: false, fromRevision,
    });
    return;
  }
  findPredecessor(node, number, running);
}

function findPredecessor(node: Server, number: number, running: RunningRecipe): void {
  running.step = 'predecessor';
  requestOf(node, number, predecessorRead(running.recipe.name, running.createRevision));
}

/** The watched key was deleted, or put again. */
export function recipeNotified(node: Server, number: number, isDeleted: boolean): void {
  const running = node.state.recipes[number];
  if (running?.step !== 'wait' || !isDeleted) return;
  node.send(node.id, { type: 'WatchCancel', watch: number });
  findPredecessor(node, number, running);
}

function finish(node: Server, number: number, running: RunningRecipe): void {
  const { caller, key, createRevision, revision } = running;
  end(node, number);
  answer(node, caller, { revision, key, createRevision });
}

/** The client no longer waits. What was sent for its first step may still be executed. */
export function abandonRecipe(node: Server, number: number): void {
  const running = node.state.recipes[number];
  if (running === undefined) return;
  if (running.step === 'wait') node.send(node.id, { type: 'WatchCancel', watch: number });
  if (running.step === 'grant' || running.step === 'enqueue') end(node, number);
  else if (running.step !== 'withdraw') withdraw(node, number);
}

function withdraw(node: Server, number: number): void {
  const running = node.state.recipes[number];
  const { key, createRevision, recipe } = running;
  running.step = 'withdraw';
  requestOf(node, number, recipe.op === 'lock' ? leaveTxn(key) : resignTxn(key, createRevision));
}

function end(node: Server, number: number): void {
  delete node.state.recipes[number];
}
