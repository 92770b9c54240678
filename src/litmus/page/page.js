// SPDX-License-Identifier: MIT
//
// The page: a program and a model, what the engine says of them, and the executions to step through.
'use strict';

const $ = (id) => document.getElementById(id);
const EXAMPLES = JSON.parse($('examples').textContent);
const MODULE = bytesOf(atob($('module').textContent)).buffer;
const AT_ONCE = 2, PATIENT = 60;  // seconds that a search may take
const ON_THE_SIDE = 0.3, MORE = 10;  // and the one for forbidden candidates
const TYPING = 250;               // milliseconds without a key, after which the program is run

function bytesOf(binary) {
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; ++i) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

// ---- The engine, in a worker. A question that nobody waits for any more ends with its worker.

class Questions {
  constructor(onProgress) {
    this.onProgress = onProgress;
    this.waiting = new Map();
    this.id = 0;
    this.start();
  }

  start() {
    const source = `${$('engine').textContent}\nanswerQuestions(self);`;
    const address = URL.createObjectURL(new Blob([source], {type: 'text/javascript'}));
    this.worker = new Worker(address);
    URL.revokeObjectURL(address);
    this.worker.onmessage = ({data}) => {
      if (data.progress) return this.onProgress(data.progress);
      const {done} = this.waiting.get(data.id);
      this.waiting.delete(data.id);
      done(data.answer);
    };
    this.worker.onerror = (event) => {
      const failed = [...this.waiting.values()];
      this.waiting.clear();
      this.worker.terminate();
      this.start();
      failed.forEach(({fail}) => fail(new Error(event.message || 'the engine has failed')));
    };
    this.worker.postMessage({module: MODULE});
  }

  ask(what, ...withWhat) {
    return new Promise((done, fail) => {
      this.waiting.set(++this.id, {done, fail});
      this.worker.postMessage({id: this.id, ask: what, with: withWhat});
    });
  }

  /// All questions that are open stay without an answer.
  forget() {
    if (this.waiting.size === 0) return;
    this.waiting.clear();
    this.worker.terminate();
    this.start();
  }
}

const engine = new Questions(({done, seconds}) => showProgress(done, seconds));

// ---- What is shown

let result = null;       // of the last search
let why = null;          // of the last explanation
let chosen = {kind: '', state: -1, number: 0};  // kind: executions, forbidden or race; state: -1 for all
let run = 0;             // counts the programs that were run
let graphs = 0;          // counts the graphs that were asked for

const model = () => document.querySelector('input[name=model]:checked').value;

function element(name, attributes = {}, ...children) {
  const e = document.createElement(name);
  Object.assign(e, attributes);
  e.append(...children);
  return e;
}

// ---- Links

function encoded(text) {
  const bytes = new TextEncoder().encode(text);
  const binary = Array.from(bytes, (b) => String.fromCharCode(b)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function decoded(text) {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return new TextDecoder('utf-8', {fatal: true}).decode(bytesOf(binary));
}

const fragment = () => `#model=${model()}&program=${encoded($('text').value)}`;

/// False: there is no program in the address. One that cannot be read is said.
function takeFromAddress() {
  const parts = new URLSearchParams(location.hash.slice(1));
  if (!parts.has('program')) return false;
  try {
    $('text').value = decoded(parts.get('program'));
  } catch {
    $('error').textContent = 'The link is damaged: the program in it cannot be read.';
    return false;
  }
  const radio = document.querySelector(`input[name=model][value="${CSS.escape(parts.get('model') || 'rc11')}"]`);
  if (radio) radio.checked = true;
  return true;
}

// ---- Orders in the text

const ORDER = /\b(?:memory_order_|memory_order::|mo_)(relaxed|consume|acquire|release|acq_rel|seq_cst)\b/g;
const FOR = {
  load: ['relaxed', 'acquire', 'seq_cst'], store: ['relaxed', 'release', 'seq_cst'],
  fence: ['acquire', 'release', 'acq_rel', 'seq_cst'],
  update: ['relaxed', 'acquire', 'release', 'acq_rel', 'seq_cst'],
};

/// What kind of operation an order is of, from what stands before it.
function operationBefore(text) {
  const call = text.slice(Math.max(text.lastIndexOf(';'), text.lastIndexOf('{'), text.lastIndexOf('}')) + 1);
  if (/fence/.test(call)) return 'fence';
  if (/compare_exchange/.test(call)) return /memory_order|mo_/.test(call) ? 'load' : 'update';
  if (/exchange|fetch_/.test(call)) return 'update';
  return /store/.test(call) ? 'store' : 'load';
}

function ordersIn(text) {
  return [...text.matchAll(ORDER)].map((match) => {
    const order = match[1];
    const begin = match.index + match[0].length - order.length;
    const before = text.slice(0, match.index);
    const operation = operationBefore(before);
    const may = FOR[operation].includes(order) ? FOR[operation] : [...FOR[operation], order];
    return {order, begin, may, line: before.split('\n').length, column: begin - before.lastIndexOf('\n') - 1};
  });
}

/// A list of the lines with orders, which are changed in their places.
function showOrders() {
  const text = $('text').value;
  const lines = text.split('\n');
  const focused = document.activeElement.dataset && document.activeElement.dataset.order;
  const items = new Map();
  ordersIn(text).forEach((o, i) => {
    const item = items.get(o.line) || {parts: [], at: 0};
    const line = lines[o.line - 1];
    const select = element('select', {onchange: () => changeOrder(i, select.value)},
        ...o.may.map((m) => element('option', {value: m, selected: m === o.order}, m)));
    select.dataset.order = i;
    select.setAttribute('aria-label', `Order ${i + 1}, in line ${o.line}: ${line.trim()}`);
    item.parts.push(element('code', {}, line.slice(item.at, o.column).trimStart().replace(/(memory_order_|mo_)$/, '')), select);
    item.at = o.column + o.order.length;
    items.set(o.line, item);
  });
  $('orders').replaceChildren(...[...items].map(([line, {parts, at}]) => element('li', {},
      element('span', {className: 'number'}, `line ${line}`), ...parts,
      element('code', {}, lines[line - 1].slice(at)))));
  if (items.size === 0) $('orders').append(element('li', {}, 'There are none in the program.'));
  if (focused) document.querySelector(`select[data-order="${focused}"]`)?.focus();
}

function changeOrder(number, to) {
  const text = $('text').value;
  const {begin, order} = ordersIn(text)[number];
  $('text').value = text.slice(0, begin) + to + text.slice(begin + order.length);
  programChanged();
}

function goToLine(line) {
  const lines = $('text').value.split('\n');
  const begin = lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
  $('text').focus();
  $('text').setSelectionRange(begin, begin + lines[line - 1].length);
}

// ---- Running

let typing = 0;
let searching = false;

/// `seconds`: that the search may take.
async function programChanged(seconds = AT_ONCE) {
  clearTimeout(typing);
  const mine = ++run;
  const before = result;
  showOrders();
  try {
    history.replaceState(null, '', fragment());
  } catch {
    // Some browsers forbid it for files, or when it is done often: the button still copies the link.
  }
  engine.forget();
  $('result-part').setAttribute('aria-busy', 'true');
  searching = true;
  if (seconds > AT_ONCE) showProgress(0, 0);
  let found;
  try {
    found = await engine.ask('search', $('text').value, model(), seconds);
  } catch (error) {
    if (mine === run) showError(`The engine has stopped: ${error.message}. The program may be too large for it.`);
    return;
  }
  if (mine !== run) return;
  $('result-part').setAttribute('aria-busy', 'false');
  if (found.error) {
    showError(`Line ${found.error.line}, column ${found.error.column}: ${found.error.message}`);
    return;
  }
  $('error').textContent = '';
  result = found;
  why = null;
  showResult(before);
  await explain(ON_THE_SIDE);
}

/// Looks for forbidden candidates. The engine answers nothing else meanwhile.
async function explain(seconds) {
  const mine = run;
  searching = false;
  const explanation = await engine.ask('explain', seconds);
  if (mine !== run) return;
  why = explanation;
  if (chosen.kind === '') chooseFirst();
  else if (chosen.kind === 'forbidden') choose('forbidden', -1, chosen.number);
  showKinds();
}

/// What was found before is not of this program: nothing of it stays.
function showError(message) {
  $('error').textContent = message;
  $('result-part').setAttribute('aria-busy', 'false');
  $('verdict').replaceChildren('The program cannot be run: see the message below it.');
  result = null;
  $('unfinished').hidden = true;
  for (const id of ['kinds', 'caption', 'figure', 'legend']) $(id).replaceChildren();
  $('states').tHead.replaceChildren();
  $('states').tBodies[0].replaceChildren();
  $('steps').hidden = $('as-text').hidden = true;
}

function duration(seconds) {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} minutes`;
  if (seconds < 172800) return `${Math.round(seconds / 3600)} hours`;
  return seconds < 1e9 ? `${Math.round(seconds / 86400)} days` : 'years';
}

/// "about 3 % of the search is done, all of it takes about 70 s if its parts are alike"
function estimate(done, seconds) {
  if (done < 1e-6) return 'hardly any of the search is done';
  const percent = done < 1e-3 ? 'less than 0.1' : `about ${(done * 100).toFixed(done < 0.1 ? 1 : 0)}`;
  return `${percent} % of the search is done, all of it takes about ${duration(seconds / done)} if its parts are alike`;
}

function showProgress(done, seconds) {
  if (!searching || seconds < 0.4 && seconds > 0) return;
  $('unfinished').hidden = false;
  $('go-on').hidden = true;
  $('stop').hidden = false;
  $('unfinished-text').textContent = `Searching, ${seconds.toFixed(0)} s: ${estimate(done, Math.max(seconds, 0.1))}. `;
}

/// "∧" for "/\", as people write it.
function inSigns(condition) {
  return condition.replaceAll('/\\', '∧').replaceAll('\\/', '∨');
}

function plural(n, one, many = `${one}s`) {
  return `${n.toLocaleString('en')} ${n === 1 ? one : many}`;
}

const MEANS = {
  Allowed: {Ok: ['good', 'Allowed'], No: ['bad', 'Forbidden']},
  Forbidden: {Ok: ['good', 'Forbidden, as is claimed'], No: ['bad', 'Allowed, against the claim']},
  Required: {Ok: ['good', 'Always so, as is claimed'], No: ['bad', 'Not always so, against the claim']},
};

/// An incomplete search may have found what decides.
function isDecided() {
  return !result.incomplete || (result.kind === 'Required' ? result.negative : result.positive) > 0;
}

function showVerdict() {
  const asks = !/^forall \(true\)$/.test(result.condition);
  const verdict = result.verdict.replace('Loop ', '');
  const parts = [];
  if (result.race) {
    parts.push(element('b', {className: 'bad'}, 'Undefined'), ': plain accesses race, and the program means nothing. ');
  } else if (asks) {
    const [kind, text] = isDecided() ? MEANS[result.kind][verdict] : ['', 'Not known yet'];
    parts.push(element('b', {className: kind}, text), `: ${inSigns(result.condition)}. `);
  }
  const all = result.positive + result.negative;
  if (result.incomplete) parts.push('So far ');
  parts.push(`${plural(result.states.length, 'outcome')}, ${plural(all, 'execution')}`);
  if (asks) parts.push(`, in ${result.positive.toLocaleString('en')} the condition holds`);
  parts.push(`; ${(result.seconds * 1000).toFixed(0)} ms.`);
  if (result.filtered) parts.push(` The filter leaves out ${plural(result.filtered, 'more')}.`);
  if (result.cut) {
    parts.push(` In ${plural(result.cut, 'execution')} a loop would go on after two rounds: outcomes may be missing.`);
  }
  $('verdict').replaceChildren(...parts);
}

function showUnfinished() {
  $('unfinished').hidden = result.incomplete === '';
  if (!result.incomplete) return;
  $('stop').hidden = true;
  $('go-on').hidden = result.incomplete !== 'the time is over';
  $('unfinished-text').textContent = result.incomplete === 'the time is over' ?
      `Not all: after ${result.seconds.toFixed(1)} s ${estimate(result.millionths / 1e6, result.seconds)}. ` :
      `Not all: ${result.incomplete}. `;
}

/// Outcomes that the program before did not have are marked, if both show the same.
function showStates(before) {
  const key = (state) => state.values.join(' ');
  const known = before && before.shown.join() === result.shown.join() ? new Set(before.states.map(key)) : null;
  const asks = result.states.some((s) => !s.witness) || result.negative === 0 && !/true/.test(result.condition);
  const most = 200;
  const head = element('tr', {}, ...['', ...result.shown, 'executions', ...asks ? ['condition'] : []].map((text, i) => {
    const th = element('th', {scope: 'col'}, text || 'outcome');
    if (i === 0) th.replaceChildren(element('span', {className: 'unseen'}, 'show'));
    return th;
  }));
  const rows = result.states.slice(0, most).map((state, i) => {
    const isNew = known && !known.has(key(state));
    const text = result.shown.map((name, v) => `${name}=${state.values[v]}`).join(', ');
    const radio = element('input', {type: 'radio', name: 'state', value: i, onchange: () => choose('executions', i)});
    radio.setAttribute('aria-label', `Show the executions with ${text}${isNew ? ', which is new' : ''}`);
    const row = element('tr', {className: isNew ? 'new' : ''},
        element('td', {}, element('label', {}, radio, isNew ? 'new' : '')), ...state.values.map((v) => element('td', {}, v)),
        element('td', {}, state.executions.toLocaleString('en')), ...asks ? [element('td', {}, state.witness ? 'holds' : '')] : []);
    row.onclick = () => { if (!radio.checked) radio.click(); };
    return row;
  });
  $('states').tHead.replaceChildren(head);
  $('states').tBodies[0].replaceChildren(...rows);
  if (result.states.length > most) {
    rows[rows.length - 1].after(element('tr', {}, element('td', {colSpan: head.children.length},
        `and ${plural(result.states.length - most, 'more outcome')}`)));
  }
  return known ? result.states.findIndex((s) => !known.has(key(s))) : -1;
}

function showResult(before) {
  showVerdict();
  showUnfinished();
  const fresh = showStates(before);
  chosen = {kind: '', state: -1, number: 0};
  if (result.race) {
    choose('race', -1);
  } else if (fresh >= 0) {
    choose('executions', fresh);
  } else if (result.positive > 0 && result.negative > 0) {
    choose('executions', result.states.findIndex((s) => s.witness));
  } else if (result.negative === 0 || result.kept.length === 0) {
    choose('executions', -1);
  } else {
    showKinds();  // the forbidden candidates may say more: they are asked for next
  }
}

/// What nobody has chosen.
function chooseFirst() {
  if (why && why.shown > 0) choose('forbidden', -1);
  else choose('executions', -1);
}

// ---- Executions

function numbersOf({kind, state}) {
  if (kind === 'forbidden') return Array.from({length: why ? why.shown : 0}, (_, i) => i);
  if (kind === 'race') return [0];
  const all = [];
  result.kept.forEach((of, i) => { if (state < 0 || of === state) all.push(i); });
  return all;
}

function choose(kind, state, number = 0) {
  chosen = {kind, state, number};
  chosen.numbers = numbersOf(chosen);
  for (const radio of document.querySelectorAll('input[name=state]')) {
    radio.checked = kind === 'executions' && Number(radio.value) === state;
    radio.closest('tr').classList.toggle('chosen', radio.checked);
  }
  showKinds();
  showGraph();
}

function showKinds() {
  const kinds = [];
  const add = (kind, text) => {
    const button = element('button', {type: 'button', onclick: () => choose(kind, -1)}, text);
    button.dataset.kind = kind;
    button.setAttribute('aria-pressed', String(chosen.kind === kind && chosen.state < 0));
    kinds.push(button);
  };
  if (!result) return;
  add('executions', `All executions (${(result.positive + result.negative).toLocaleString('en')})`);
  if (result.race) add('race', 'The data race');
  const count = why ? why.candidates - why.allowed : 0;
  if (count > 0) add('forbidden', `Forbidden candidates (${count.toLocaleString('en')}${why.incomplete ? ' so far' : ''})`);
  if (why && why.incomplete) {
    const more = element('button', {type: 'button', onclick: () => {
      more.disabled = true;
      more.textContent = 'Looking for forbidden candidates ...';
      explain(MORE);
    }}, `Look for forbidden candidates, for ${MORE} s`);
    if (why.incomplete === 'the time is over') kinds.push(more);
    else kinds.push(element('span', {}, `Not all forbidden candidates: ${why.incomplete}.`));
  }
  $('kinds').replaceChildren(...kinds);
}

async function showGraph() {
  const mine = ++graphs, ofRun = run;
  const count = chosen.numbers.length;
  $('steps').hidden = $('as-text').hidden = count === 0;
  if (count === 0) {
    for (const id of ['caption', 'figure', 'legend']) $(id).replaceChildren();
    if (chosen.kind === 'executions') $('caption').textContent = 'There is no execution.';
    return;
  }
  const number = chosen.numbers[chosen.number];
  const graph = chosen.kind === 'race' ? result.race :
      await engine.ask(chosen.kind === 'forbidden' ? 'forbidden' : 'execution', number);
  if (mine !== graphs || ofRun !== run) return;
  showSteps(count);
  const cycle = graph.axioms ? graph.axioms[0].cycle : [];
  const racing = graph.racing || [];
  $('figure').replaceChildren(Drawing.draw(graph, {cycle, racing, onLine: goToLine}));
  showCaption(graph, number);
  showLegend(graph, cycle, racing);
  $('as-text').querySelector('ul').replaceChildren(
      ...graph.events.map((e) => element('li', {}, Drawing.eventText(e))),
      ...cycle.map((e) => element('li', {className: 'bad'}, `in the cycle: ${Drawing.edgeText(graph, e)}`)),
      ...graph.edges.map((e) => element('li', {}, Drawing.edgeText(graph, e))));
}

function showSteps(count) {
  const what = {executions: 'Execution', forbidden: 'Candidate', race: 'Execution'}[chosen.kind];
  $('place').textContent = `${what} ${(chosen.number + 1).toLocaleString('en')} of ${count.toLocaleString('en')}`;
  $('previous').disabled = chosen.number === 0;
  $('next').disabled = chosen.number + 1 === count;
}

function showCaption(graph, number) {
  const caption = [];
  if (chosen.kind === 'executions') {
    const state = result.states[result.kept[number]];
    caption.push(result.shown.map((name, i) => `${name} = ${state.values[i]}`).join(', '));
    const all = chosen.state < 0 ? result.positive + result.negative : result.states[chosen.state].executions;
    if (all > chosen.numbers.length) caption.push(` (of ${plural(all, 'execution')} these are kept to be shown)`);
  } else if (chosen.kind === 'race') {
    caption.push('Nothing orders the two accesses in red, one of them plain, one of them a write.');
  } else {
    caption.push(`This would show ${inSigns(why.asked)}. It is forbidden by `);
    graph.axioms.forEach((a, i) => {
      caption.push(i ? '; also by ' : '', element('b', {className: 'bad'}, a.axiom), ` (${a.formula})`);
    });
    caption.push('. The cycle is red.');
    if (why.candidates - why.allowed > why.shown) caption.push(` The first ${why.shown} are shown.`);
  }
  $('caption').replaceChildren(...caption);
}

function showLegend(graph, cycle, racing) {
  const has = (kind) => graph.edges.some((e) => e[2] === kind);
  const parts = ['One column for each thread, time goes down.'];
  if (has('rf')) parts.push('Green: a read takes its value from a write (rf); without it, the initial value.');
  if (has('sw')) parts.push('Thick blue: it synchronizes (sw).');
  if (has('mo')) parts.push('Brown: the next write in the modification order (mo).');
  if (cycle.some((e) => e[2] === 'fr')) parts.push('fr: the read has missed that write.');
  if (racing.length) parts.push('Dashed red: the data race.');
  $('legend').textContent = parts.join(' ');
}

function step(by) {
  const to = chosen.number + by;
  if (to < 0 || to >= chosen.numbers.length) return;
  chosen.number = to;
  showGraph();
}

// ---- The page

function fillExamples() {
  $('example').append(element('option', {value: ''}, 'choose one'));
  EXAMPLES.forEach(({group, programs}) => {
    $('example').append(element('optgroup', {label: group},
        ...programs.map(({name, about}) => element('option', {value: name}, `${name}: ${about}`))));
  });
}

const exampleCalled = (name) => EXAMPLES.flatMap((e) => e.programs).find((p) => p.name === name);
const exampleWithText = (text) => EXAMPLES.flatMap((e) => e.programs).find((p) => p.text === text);

function showExample() {
  const example = exampleWithText($('text').value);
  $('example').value = example ? example.name : '';
  $('about').textContent = example ? example.about : '';
}

function begin() {
  fillExamples();
  if (!takeFromAddress()) $('text').value = exampleCalled('MP').text;
  showExample();
  $('example').onchange = () => {
    const example = exampleCalled($('example').value);
    if (!example) return;
    $('text').value = example.text;
    result = null;  // outcomes of another program are no news
    showExample();
    programChanged();
  };
  $('text').oninput = () => {
    clearTimeout(typing);
    typing = setTimeout(programChanged, TYPING);
  };
  $('models').onchange = () => programChanged();
  $('go-on').onclick = () => programChanged(PATIENT);
  $('stop').onclick = () => programChanged();
  $('previous').onclick = () => step(-1);
  $('next').onclick = () => step(1);
  $('figure').onkeydown = (event) => {
    const by = {ArrowLeft: -1, ArrowRight: 1, Home: -chosen.number, End: chosen.numbers.length - 1 - chosen.number}[event.key];
    if (by === undefined) return;
    event.preventDefault();
    step(by);
  };
  $('copy').onclick = async () => {
    const link = location.href.split('#')[0] + fragment();
    try {
      await navigator.clipboard.writeText(link);
      $('copied').textContent = 'Copied.';
    } catch {
      location.hash = fragment();
      $('copied').textContent = 'The address of this page is the link.';
    }
  };
  window.onhashchange = () => {
    if (location.hash === fragment() || !takeFromAddress()) return;
    result = null;
    showExample();
    programChanged();
  };
  programChanged();
}

begin();
