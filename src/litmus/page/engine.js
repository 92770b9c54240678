// SPDX-License-Identifier: MIT
//
// The module of WebAssembly, called. The page runs this in a worker, the tests in node.
'use strict';

/// `onProgress(done, seconds)`: now and then, during a search.
class Engine {
  constructor(module, onProgress = () => {}) {
    this.onProgress = onProgress;
    this.until = 0;
    // The library's way to an error stream: there is none.
    const nowhere = () => 8;
    const instance = new WebAssembly.Instance(module, {
      page: {is_over: (done) => this.isOver(done)},
      wasi_snapshot_preview1: {fd_close: nowhere, fd_seek: nowhere, fd_write: nowhere},
    });
    this.c = instance.exports;
    this.c._initialize();
  }

  search(text, model, seconds, rounds = 2) {
    this.begin(seconds);
    const [at, size] = this.put(text);
    const [name] = this.put(model);
    const answer = this.answer(this.c.search(at, size, name, rounds));
    this.c.release(at);
    this.c.release(name);
    return {...answer, seconds: this.seconds()};
  }
  execution(number) {
    return this.answer(this.c.execution(number));
  }
  explain(seconds) {
    this.begin(seconds);
    return this.answer(this.c.explain());
  }
  forbidden(number) {
    return this.answer(this.c.forbidden(number));
  }

  begin(seconds) {
    this.started = this.told = performance.now();
    this.until = this.started + seconds * 1000;
  }
  seconds() {
    return (performance.now() - this.started) / 1000;
  }
  isOver(done) {
    const now = performance.now();
    if (now - this.told > 200) {
      this.told = now;
      this.onProgress(done, this.seconds());
    }
    return now > this.until ? 1 : 0;
  }

  // Texts go over as bytes that end with a 0.
  put(text) {
    const bytes = new TextEncoder().encode(text);
    const at = this.c.allocate(bytes.length + 1);
    const room = new Uint8Array(this.c.memory.buffer, at, bytes.length + 1);
    room.set(bytes);
    room[bytes.length] = 0;
    return [at, bytes.length];
  }
  answer(at) {
    const memory = new Uint8Array(this.c.memory.buffer);
    return JSON.parse(new TextDecoder().decode(memory.subarray(at, memory.indexOf(0, at))));
  }
}

/// In a worker: the bytes of the module first, then questions: {id, ask, with}.
function answerQuestions(scope) {
  let engine = null;
  scope.onmessage = ({data}) => {
    if (data.module) {
      engine = new Engine(new WebAssembly.Module(data.module),
          (done, seconds) => scope.postMessage({progress: {done, seconds}}));
      return;
    }
    scope.postMessage({id: data.id, answer: engine[data.ask](...data.with)});
  };
}

if (typeof module !== 'undefined') module.exports = {Engine};
