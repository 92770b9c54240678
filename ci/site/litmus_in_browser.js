// SPDX-License-Identifier: MIT
//
// Uses the page of litmus tests as a student does, from a file: the first result, another order, another model, a program
// that is typed, one with a mistake, one that is too large, a link, the executions one after the other, by mouse and by
// keyboard, a narrow screen, the dark.
'use strict';
const path = require('path');
const {pathToFileURL} = require('url');

const SLOW = 20000;  // milliseconds: machines have other things to do
const CPPMEM = 'int main() {\n  atomic_int x = 0;\n  {{{ x.store(1, memory_order_relaxed); ||| ' +
    'r1 = x.load(memory_order_relaxed); }}}\n  return 0;\n}\n';

/// `update`s of one location by some threads: as many executions as there are orders of them.
function updates(threads, suffix = '') {
  const one = (i) => `P${i} (atomic_int* x) {\n  int r = atomic_fetch_add_explicit(x, 1, memory_order_relaxed);\n${suffix}}\n`;
  return `C updates\n{ x = 0; }\n${Array.from({length: threads}, (_, i) => one(i)).join('\n')}\nexists (x=${threads})\n`;
}

class LitmusPage {
  constructor(page, wrong) {
    this.page = page;
    this.wrong = (what) => wrong('litmus/index.html', what);
  }

  text(selector) {
    return this.page.locator(selector).first().textContent();
  }
  async shows(selector, expected, when) {
    const found = this.page.locator(selector).filter({hasText: expected});
    await found.first().waitFor({timeout: SLOW}).catch(async () => {
      const text = await this.page.locator(selector).allTextContents();
      this.wrong(`${when}: ${selector} is not "${expected}" but "${text.join(' | ').slice(0, 300)}"`);
    });
  }
  async counts(selector, expected, when) {
    const found = await this.page.locator(selector).count();
    if (found !== expected) this.wrong(`${when}: ${found} ${selector}, not ${expected}`);
  }

  /// What opens first is message passing, and why it holds.
  async checkBeginning() {
    await this.page.locator('#figure svg').waitFor({timeout: SLOW});
    const opened = await this.page.evaluate(() => performance.now());
    await this.shows('#verdict', 'Forbidden', 'at first');
    await this.counts('#states tbody tr', 3, 'at first');
    await this.shows('#caption', 'coherence', 'at first');
    if (await this.page.locator('.edge.wrong').count() < 4) this.wrong('the cycle is not red');
    return opened;
  }

  async checkOrders() {
    await this.page.getByLabel(/^Order 2, in line 7/).selectOption('relaxed');
    await this.shows('#verdict', 'Allowed', 'with a relaxed store');
    await this.shows('#states tr.new', 'holds', 'with a relaxed store');
    await this.counts('#states tbody tr', 4, 'with a relaxed store');
    await this.shows('#caption', '1:r0 = 1, 1:r1 = 0', 'with a relaxed store');
    await this.counts('.edge.rf', 1, 'with a relaxed store');
    if (!(await this.page.locator('#text').inputValue()).includes('(y, 1, memory_order_relaxed)')) {
      this.wrong('the order in the text stays');
    }
    await this.page.getByLabel('SC', {exact: true}).check();
    await this.shows('#verdict', 'Forbidden', 'under SC');
    await this.shows('#caption', 'acyclic sb | rf | mo | fr', 'under SC');
    await this.page.getByLabel('RC11').check();
    await this.shows('#verdict', 'Allowed', 'under RC11 again');
  }

  async checkLink(context) {
    const text = await this.page.locator('#text').inputValue();
    const other = await context.newPage();
    await other.goto(this.page.url());
    await other.locator('#verdict', {hasText: 'Allowed'}).waitFor({timeout: SLOW});
    if (await other.locator('#text').inputValue() !== text) this.wrong('a link leads to another program');
    await other.goto(`${this.page.url().split('#')[0]}#model=rc11&program=%`);
    await other.locator('#error', {hasText: 'damaged'}).waitFor({timeout: SLOW});
    await other.close();
  }

  async checkTyping() {
    await this.page.locator('#text').fill('');
    await this.page.locator('#text').pressSequentially(CPPMEM);
    await this.shows('#verdict', '2 outcomes, 2 executions', 'typed');
    await this.page.locator('#text').fill(CPPMEM.replace('relaxed', 'relax'));
    await this.shows('#error', 'Line 3, column', 'with a mistake');
    await this.counts('#figure svg', 0, 'with a mistake');
    await this.page.locator('#text').fill(CPPMEM);
    await this.shows('#verdict', '2 outcomes', 'mended');
    if (await this.text('#error') !== '') this.wrong('an error stays');
  }

  async checkSteps() {
    await this.page.locator('#example').selectOption('2+2W');
    await this.page.getByRole('button', {name: /^All executions/}).click();
    await this.shows('#place', 'Execution 1 of 4', 'at first');
    await this.page.getByRole('button', {name: 'The next one'}).click();
    await this.shows('#place', 'Execution 2 of 4', 'after a step');
    await this.page.locator('#figure').focus();
    await this.page.keyboard.press('End');
    await this.shows('#place', 'Execution 4 of 4', 'after End');
    await this.page.keyboard.press('ArrowLeft');
    await this.shows('#place', 'Execution 3 of 4', 'after a step back');
    await this.page.locator('#example').selectOption('MP+race');
    await this.page.getByLabel(/^Order 1/).selectOption('relaxed');
    await this.shows('#verdict', 'Undefined', 'with a race');
    await this.counts('.edge.race', 1, 'with a race');
  }

  /// In milliseconds, until all are listed; for a minute, if others keep the machine busy.
  async timeOf(program, expected) {
    await this.page.locator('#text').fill(program);
    await this.shows('#verdict', /\[x\]=8.*executions/, 'many executions');
    const goOn = this.page.getByRole('button', {name: 'Search on'});
    if (await goOn.isVisible()) await goOn.click();
    await this.shows('#verdict', expected, 'many executions');
    return Number(/; (\d+) ms/.exec(await this.text('#verdict'))[1]);
  }

  /// It says that it is too large, and goes on to answer.
  async checkLarge() {
    const begin = Date.now();
    await this.page.locator('#text').fill(updates(12, '  *x = 7;\n'));
    await this.shows('#unfinished-text', 'of the search is done', 'with a program that is too large');
    const said = Date.now() - begin;
    await this.shows('#unfinished-text', 'Not all: after 2', 'with a program that is too large');
    await this.page.getByRole('button', {name: 'Search on'}).click();
    await this.shows('#unfinished-text', 'Searching', 'when it searches on');
    await this.page.locator('#example').selectOption('SB');
    await this.shows('#verdict', '4 outcomes', 'after a program that is too large');
    return said;
  }

  async checkNames() {
    const nameless = await this.page.evaluate(() => [...document.querySelectorAll('select, button, textarea, input')]
        .filter((e) => !e.hidden && !e.getAttribute('aria-label') && !e.textContent.trim() && !e.labels?.length)
        .map((e) => e.outerHTML.slice(0, 80)));
    nameless.forEach((e) => this.wrong(`has no name for those who do not see it: ${e}`));
  }
}

async function checkLooks(browser, address, wrong, screenshots, {overflow, contrast}) {
  for (const [colorScheme, width] of [['light', 500], ['dark', 500], ['dark', 1280], ['light', 1280]]) {
    const context = await browser.newContext({viewport: {width, height: 900}, colorScheme});
    const page = await context.newPage();
    await page.goto(address);
    await page.locator('#example').selectOption('IRIW+sc');
    await page.locator('#figure svg').waitFor({timeout: SLOW});
    await page.locator('#verdict', {hasText: '16 outcomes'}).waitFor({timeout: SLOW});
    const found = await page.evaluate(overflow);
    if (found) wrong('litmus/index.html', `wider than ${width} px: ${found}`);
    const {ratio, dark} = await page.evaluate(contrast);
    if (dark !== (colorScheme === 'dark')) wrong('litmus/index.html', `is not ${colorScheme}`);
    if (ratio < 4.5) wrong('litmus/index.html', `text of contrast ${ratio.toFixed(1)} in ${colorScheme}`);
    if (screenshots) await page.screenshot({path: path.join(screenshots, `litmus-${colorScheme}-${width}.png`), fullPage: true});
    await context.close();
  }
}

/// Returns what was measured. `open`: a page that is watched; `looks`: what measures one.
async function checkLitmusPage({browser, site, wrong, open, looks, screenshots}) {
  const address = pathToFileURL(path.join(site, 'litmus', 'index.html')).href;
  const context = await browser.newContext({viewport: {width: 1280, height: 900}});
  const page = await open(context, address);
  await page.goto(address);
  const litmus = new LitmusPage(page, wrong);
  const opened = await litmus.checkBeginning();
  await litmus.checkOrders();
  await litmus.checkLink(context);
  await litmus.checkTyping();
  await litmus.checkSteps();
  const listed = await litmus.timeOf(updates(8), '40,320 executions');
  const said = await litmus.checkLarge();
  await litmus.checkNames();
  await context.close();
  await checkLooks(browser, address, wrong, screenshots, looks);
  return `litmus tests: the first result after ${opened.toFixed(0)} ms, 40,320 executions in ${listed} ms, ` +
      `too large after ${said} ms`;
}

module.exports = {checkLitmusPage};
