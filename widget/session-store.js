/**
 * What a reload of the tab must find again: the session and whether the panel was open. It lives in sessionStorage, so
 * that it ends with the tab; where storage is blocked it lives in memory.
 */
export class SessionStore {
  /** @param {string} api conversations with different servers are kept apart */
  constructor(api) {
    this.key = `consultame-chat ${api}`;
    this.state = this.#read();
  }

  get(name) {
    return this.state[name];
  }

  /** @param {object} changes undefined removes */
  set(changes) {
    this.state = { ...this.state, ...changes };
    try {
      sessionStorage.setItem(this.key, JSON.stringify(this.state));
    } catch {
      // Storage is blocked or full: the conversation goes on without surviving a reload.
    }
  }

  #read() {
    try {
      return JSON.parse(sessionStorage.getItem(this.key)) ?? {};
    } catch {
      return {};
    }
  }
}
