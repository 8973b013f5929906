import { ChatError } from './transport.js';

/**
 * @typedef {{title: string, button: string}} Choice
 * @typedef {{message_id: string, helpful: boolean|null, language: string}} Rating  what an answer can be rated by
 * @typedef {{message_id: string, requested: boolean, language: string,
 *            consent: {version: string, text: string}}} AnswerRequest  an answer that may be asked to be sent
 * @typedef {{from: 'citizen'|'assistant', text: string, buttons: Choice[], at: number, rating?: Rating,
 *            answerRequest?: AnswerRequest}} Said  `at` in milliseconds
 * @typedef {{id: string, text: string, button?: string, token?: string, at: number,
 *            state: 'waiting'|'sending'|'answered'|'failed', error?: ChatError}} Outgoing
 */

/**
 * One conversation: its session, and the messages on their way out, one after the other. Knows nothing of the page; it
 * tells its listener: `onRestored(said)`, `onAnswer(outgoing, answers)`, `onChange(outgoing)`, `onExpired(outgoing?)`,
 * `onActivity('connecting'|'answering'|null)`, `onNotConnected(error)`, `onFarewell()` after the citizen said goodbye.
 */
export class Conversation {
  #stopped = false;
  #starting = null;
  #queue = [];
  #delivering = false;

  constructor(transport, store, listener) {
    this.transport = transport;
    this.store = store;
    this.listener = listener;
  }

  /** Opens the session, or takes up the tab's. A fault is told to the listener, after which this may be called again. */
  async start() {
    try {
      await this.#started();
    } catch (error) {
      this.#tell('onNotConnected', error);
    }
  }

  /**
   * Puts a message on its way. A choice sends its signed value and is shown by its title.
   * @returns {Outgoing}
   */
  say(text, button) {
    const outgoing = { id: newId(), text, button, token: this.#token, at: Date.now(), state: 'waiting' };
    this.#enqueue(outgoing);
    return outgoing;
  }

  /** Sends a failed message again, with the id it had. */
  retry(outgoing) {
    outgoing.state = 'waiting';
    outgoing.error = undefined;
    this.#enqueue(outgoing);
  }

  /** Says whether an answer helped: `{helpful, comment?}`. Rejected when it could not be kept. */
  rate(messageId, vote) {
    return this.transport.rate(this.#token, { message_id: messageId, ...vote });
  }

  /** Says how the conversation was, from 1 to 5. Rejected when it could not be kept. */
  async score(points) {
    await this.transport.score(this.#token, { score: points });
    this.store.set({ score: points });
  }

  /** Asks to be told of an answer: `{message_id, email, consent, language}`. Rejected when it could not be kept. */
  requestAnswer(wish) {
    return this.transport.requestAnswer(this.#token, wish);
  }

  /** Ends the conversation: what is still under way is no longer told to anyone. */
  stop() {
    this.#stopped = true;
    this.#queue = [];
  }

  /** Whether something is still to be sent. */
  get hasWaiting() {
    return this.#queue.length > 0;
  }

  get #token() {
    return this.store.get('token');
  }

  #tell(event, ...details) {
    if (!this.#stopped) this.listener[event](...details);
  }

  #started() {
    this.#starting ??= this.#openOrRestore().catch((error) => {
      this.#starting = null;
      throw error;
    });
    return this.#starting;
  }

  async #openOrRestore() {
    this.#tell('onActivity', 'connecting');
    try {
      if (this.#token) await this.#restore();
      else this.#tell('onRestored', await this.#open());
    } finally {
      this.#tell('onActivity', null);
    }
  }

  async #open() {
    const { token, messages } = await this.transport.openSession();
    const greeting = messages.map((message) => assistantSaid(message, Date.now()));
    // Stopped meanwhile, its session must not take the place of the one that came after.
    if (!this.#stopped) this.store.set({ token, greeting, score: undefined, unscored: undefined });
    return greeting;
  }

  async #restore() {
    try {
      const { messages } = await this.transport.history(this.#token);
      this.#tell('onRestored', [...(this.store.get('greeting') ?? []), ...messages.map(historySaid)]);
    } catch (error) {
      if (error.kind !== 'expired') throw error;
      this.#tell('onRestored', await this.#open());
      this.#tell('onExpired');
    }
  }

  #enqueue(outgoing) {
    this.#queue.push(outgoing);
    this.#deliverAll();
  }

  /** Sends what waits, in order. One that fails does not hold up the others: the citizen may send it again. */
  async #deliverAll() {
    if (this.#delivering) return;
    this.#delivering = true;
    while (this.#queue.length) await this.#deliver(this.#queue.shift());
    this.#delivering = false;
    this.#tell('onActivity', null);
  }

  async #deliver(outgoing) {
    try {
      await this.#started();
      // The token is the tab's: a stopped conversation would send this into the one that came after.
      if (this.#stopped) return;
      this.#tell('onActivity', 'answering');
      this.#setState(outgoing, 'sending');
      const { messages, farewell } = await this.#sendInValidSession(outgoing);
      outgoing.state = 'answered';
      this.#tell('onAnswer', outgoing, messages.map((message) => assistantSaid(message, Date.now())));
      if (farewell) this.#tell('onFarewell');
    } catch (error) {
      outgoing.error = error instanceof ChatError ? error : new ChatError('unreachable');
      this.#setState(outgoing, 'failed');
    }
  }

  #setState(outgoing, state) {
    outgoing.state = state;
    this.#tell('onChange', outgoing);
  }

  async #sendInValidSession(outgoing) {
    try {
      return await this.transport.send(this.#token, this.#bodyOf(outgoing));
    } catch (error) {
      if (error.kind !== 'expired') throw error;
      await this.#open();
      if (this.#stopped) throw error;
      this.#tell('onExpired', outgoing);
      return this.transport.send(this.#token, this.#bodyOf(outgoing));
    }
  }

  /** A choice is signed for the conversation it was offered in: in another one, its title is sent as text. */
  #bodyOf({ id, text, button, token }) {
    return button && token === this.#token ? { id, button } : { id, text };
  }
}

function assistantSaid(message, at) {
  const { text, buttons, rating, answer_request: answerRequest } = message;
  return { from: 'assistant', text: String(text ?? ''), buttons: buttons ?? [], at, rating, answerRequest };
}

function historySaid({ from, at, ...message }) {
  return { ...assistantSaid(message, at * 1000), from };
}

/** 32 hexadecimal characters. Not randomUUID(), which exists only where the page came over HTTPS. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
