const TIMEOUT_MILLISECONDS = 15_000;

/**
 * Why a request came to nothing. `kind`: `unreachable` (no network, too slow, fault of the server: sending again may
 * help), `tooFast`, `expired` (the session), `refused` (sending the same again is of no use).
 */
export class ChatError extends Error {
  constructor(kind, message = '', code = '') {
    super(message || kind);
    this.kind = kind;
    /** What the server says about it, in Spanish unless the request named a language; may be empty. */
    this.explanation = message;
    /** The server's name of the refusal; may be empty. */
    this.code = code;
  }
}

/** The web channel's requests. No cookies: the session is a token in a header. */
export class ChatTransport {
  /** @param {string} api address of the web channel, without a slash at its end */
  constructor(api) {
    this.api = api.replace(/\/+$/, '');
  }

  /** @returns {Promise<{token: string, messages: object[]}>} */
  openSession() {
    return this.#messages('POST', '/session');
  }

  /**
   * Sends a message. The same id may be sent again: it is processed once and answered the same.
   * @param {string} token
   * @param {{id: string, text?: string, button?: string}} body
   * @returns {Promise<{messages: object[]}>}
   */
  send(token, body) {
    return this.#messages('POST', '/messages', token, body);
  }

  /** @returns {Promise<{messages: object[]}>} */
  history(token) {
    return this.#messages('GET', '/history', token);
  }

  async #messages(...request) {
    const content = await this.#request(...request);
    if (!Array.isArray(content.messages)) throw new ChatError('unreachable');
    return content;
  }

  /**
   * Whether an answer helped; sent again, it takes the place of the earlier vote.
   * @param {string} token
   * @param {{message_id: string, helpful: boolean, comment?: string}} body
   */
  rate(token, body) {
    return this.#request('POST', '/feedback', token, body);
  }

  /**
   * How the conversation was, 1 to 5; sent again, it takes the place of the earlier score.
   * @param {string} token
   * @param {{score: number}} body
   */
  score(token, body) {
    return this.#request('POST', '/satisfaction', token, body);
  }

  /**
   * Asks to be told of an answer; sent again, the address or number takes the place of the earlier one.
   * @param {string} token
   * @param {{message_id: string, email?: string, phone?: string, consent: string, language: string}} body
   */
  requestAnswer(token, body) {
    return this.#request('POST', '/answer-request', token, body);
  }

  async #request(method, path, token, body) {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), TIMEOUT_MILLISECONDS);
    try {
      const response = await fetch(this.api + path, {
        method,
        headers: headersFor(token, body),
        body: body && JSON.stringify(body),
        credentials: 'omit',
        cache: 'no-store',
        signal: abort.signal,
      });
      return await answerOf(response);
    } catch (error) {
      throw error instanceof ChatError ? error : new ChatError('unreachable');
    } finally {
      clearTimeout(timer);
    }
  }
}

function headersFor(token, body) {
  return {
    ...(token && { Authorization: `Bearer ${token}` }),
    ...(body && { 'Content-Type': 'application/json' }),
  };
}

async function answerOf(response) {
  const content = await response.json().catch(() => null);
  if (response.ok && content) return content;
  const { message = '', code = '' } = content?.error ?? {};
  throw new ChatError(kindOf(response.status), String(message), String(code));
}

function kindOf(status) {
  if (status === 401) return 'expired';
  if (status === 429) return 'tooFast';
  return status >= 400 && status < 500 ? 'refused' : 'unreachable';
}
