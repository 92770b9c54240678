// SPDX-License-Identifier: MIT
//
// Runs the engine of the page of litmus tests in node:
//
//   node litmus_test.js PAGE --native PROGRAM FOLDER    compares what it finds in all files of a folder with `runnel_litmus`
//   node litmus_test.js PAGE --site SITE                runs the program of each link in the pages of a site
//
// A link may say what comes out: data-verdict="Ok" or another one, or "fails", which is all but "Ok". Prints what is wrong,
// a line for each; exit status 1 if something is.
'use strict';
const fs = require('fs');
const path = require('path');
const {execFileSync} = require('child_process');

const errors = [];
const wrong = (where, what) => errors.push(`${where}: ${what}`);

/// An element of the page, which its script has as text.
function partOf(page, id) {
  const found = new RegExp(`<script id="${id}"[^>]*>([^]*?)</script>`).exec(page);
  if (!found) throw new Error(`the page has no <script id="${id}">`);
  return found[1];
}

function engineOf(page) {
  const scope = {exports: {}};
  new Function('module', partOf(page, 'engine'))(scope);
  const module = new WebAssembly.Module(Buffer.from(partOf(page, 'module'), 'base64'));
  return new scope.exports.Engine(module);
}

/// What an answer of the page and one of the command differ in.
function differences(answer, test) {
  const states = answer.states.map(({values, executions}) => [...values, executions].join(' '));
  const expected = test.states.map(({values, executions}) => [...Object.values(values), executions].join(' '));
  const found = ['name', 'kind', 'condition', 'verdict', 'observation', 'positive', 'negative', 'cut', 'filtered', 'incomplete']
      .filter((key) => answer[key] !== test[key]);
  const names = test.states.length ? Object.keys(test.states[0].values) : answer.shown;
  if (answer.shown.join() !== names.join()) found.push('shown');
  if (states.join() !== expected.join()) found.push('states');
  return found;
}

// Seconds that a test may take. The models that are axioms take for ever for some, which are left out.
const MODELS = {rc11: 60, cxx20: 60, sc: 0.2, tso: 0.2};
const LEAST = 120;  // how many tests of each model are to be left

function native(program, folder, model) {
  const options = ['.', '--model', model, '--json', '--timeout', String(MODELS[model])];
  try {
    return execFileSync(program, options, {cwd: folder, maxBuffer: 1 << 30, stdio: ['ignore', 'pipe', 'ignore']});
  } catch (error) {
    if (error.status === 1) return error.stdout;  // a claim that does not hold, a race, one that is left out
    throw error;
  }
}

function compare(engine, program, folder) {
  let compared = 0, executions = 0;
  for (const model of Object.keys(MODELS)) {
    const tests = JSON.parse(native(program, folder, model)).tests.filter((test) => test.incomplete === '');
    if (tests.length < LEAST) wrong(folder, `the command has ended ${tests.length} tests with ${model}`);
    for (const test of tests) {
      const answer = engine.search(fs.readFileSync(path.join(folder, test.file), 'utf8'), model, 60);
      if (answer.error) wrong(test.file, answer.error.message);
      else for (const what of differences(answer, test)) wrong(test.file, `the page has another ${what}, ${model}`);
      if (compared === 0) checkThatItCanFail(answer, test);
      compared += 1;
      executions += test.positive + test.negative;
    }
  }
  return `${compared} comparisons, ${executions} executions`;
}

function checkThatItCanFail(answer, test) {
  const other = {...test, states: test.states.map((s, i) => ({...s, executions: s.executions + (i === 0 ? 1 : 0)}))};
  if (differences(answer, other).join() !== 'states') wrong('the comparison', 'does not see another number of executions');
  if (differences({...answer, verdict: 'No'}, test).join() !== 'verdict') wrong('the comparison', 'does not see another verdict');
}

/// What is no program, and one that is too large.
function checkLimits(engine) {
  const {error} = engine.search('C x\n{}\nP0 (atomic_int* x) {\n  *x = ;\n}\nexists (x=1)\n', 'rc11', 1);
  if (!error || error.line !== 4 || error.column !== 8) wrong('an error', `is said to be at ${JSON.stringify(error)}`);
  const threads = Array.from({length: 8}, (_, i) => `P${i} (atomic_int* x) { int r = *x; *x = ${i + 1}; int s = *x; }`);
  const large = `C large\n{}\n${threads.join('\n')}\nexists (x=0)\n`;
  for (const model of Object.keys(MODELS)) {
    const answer = engine.search(large, model, 1);
    const isEstimated = answer.millionths >= 0 && answer.millionths < 1e6;
    if (answer.incomplete !== 'the time is over' || !isEstimated || answer.seconds > 2) {
      wrong('a program that is too large', `ends after ${answer.seconds} s with "${answer.incomplete}", ${model}`);
    }
  }
  const explained = engine.explain(1);
  if (explained.incomplete !== 'the time is over') wrong('the candidates of a large program', 'are all looked at');
  if (engine.execution(1e9) !== null || engine.forbidden(1e9) !== null) wrong('an execution', 'that there is not is shown');
}

function pagesBelow(directory) {
  return fs.readdirSync(directory, {withFileTypes: true}).flatMap((entry) => {
    const name = path.join(directory, entry.name);
    return entry.isDirectory() ? pagesBelow(name) : name.endsWith('.html') ? [name] : [];
  });
}

const LINK = /<a [^>]*href="[^"]*litmus\/index\.html#(model=[^"]*)"[^>]*>/g;

/// "" if the program of the link runs, and comes to what the link says.
function judgeLink(engine, link, fragment) {
  const parts = new URLSearchParams(fragment.replaceAll('&amp;', '&'));
  const text = Buffer.from(parts.get('program') || '', 'base64url').toString('utf8');
  const answer = engine.search(text, parts.get('model'), 60);
  if (answer === null || answer.error || !answer.verdict) return `leads to no program: ${JSON.stringify(answer && answer.error)}`;
  const [, expected] = /data-verdict="([^"]*)"/.exec(link) || [];
  const isRight = !expected || (expected === 'fails' ? answer.verdict !== 'Ok' : answer.verdict === expected);
  return isRight ? '' : `leads to ${answer.name}, whose verdict is ${answer.verdict}, not ${expected}`;
}

function followLinks(engine, site) {
  let count = 0;
  const pages = new Set();
  for (const page of pagesBelow(site)) {
    for (const [link, fragment] of fs.readFileSync(page, 'utf8').matchAll(LINK)) {
      const judgement = judgeLink(engine, link, fragment);
      if (judgement) wrong(path.relative(site, page), `a link ${judgement}`);
      pages.add(page);
      ++count;
    }
  }
  if (count === 0) wrong(site, 'no page has a link to a litmus test');
  const encoded = Buffer.from('C a\n{}\nP0 (atomic_int* x) { *x = 1; }\nforall (x=2)\n').toString('base64url');
  const planted = [['model=rc11&program=AAAA', ''], [`model=arm&program=${encoded}`, ''],
    [`model=rc11&program=${encoded}`, 'data-verdict="Ok"']];
  for (const [fragment, data] of planted) {
    if (judgeLink(engine, data, fragment) === '') wrong('the check of links', `lets ${fragment} pass`);
  }
  return `${count} links in ${pages.size} pages`;
}

function main() {
  const start = Date.now();
  const [page, what, ...rest] = process.argv.slice(2);
  const engine = engineOf(fs.readFileSync(page, 'utf8'));
  let done = '';
  if (what === '--native' && rest.length === 2) {
    done = compare(engine, path.resolve(rest[0]), rest[1]);
    checkLimits(engine);
  } else if (what === '--site' && rest.length === 1) {
    done = followLinks(engine, rest[0]);
  } else {
    throw new Error('usage: litmus_test.js PAGE --native PROGRAM FOLDER | --site SITE');
  }
  errors.forEach((error) => console.log(error));
  console.log(`litmus tests in the page: ${done}, ${errors.length} errors, ${((Date.now() - start) / 1000).toFixed(1)} s`);
  process.exitCode = errors.length ? 1 : 0;
}

main();
