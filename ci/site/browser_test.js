// SPDX-License-Identifier: MIT
//
// Looks at the site in a browser, as readers do:
//
//   - each page is shown, and says nothing on the console, and nothing is loaded from elsewhere;
//   - from the first page one gets to each tab, and on;
//   - the search finds a name of the reference, and leads to it;
//   - no page is wider than a screen of 500 px, and what is wider than its place scrolls there;
//   - the colours follow the preference of the reader, and text stands out from its ground;
//   - the order book, if it is there, holds to all of that, on a screen of 360 px too, and in the dark. There its
//     list of pages stands beside the text if there is room, and below it if not;
//   - the page of litmus tests runs what is typed: litmus_in_browser.js.
//
//   NODE_PATH=... node ci/site/browser_test.js SITE [SCREENSHOTS]
//
// CHROMIUM is the browser, `chromium` if it is not given. Prints what is wrong, a line for each; exit status
// 1 if something is.
'use strict';
const fs = require('fs');
const http = require('http');
const path = require('path');
const {execFileSync} = require('child_process');
const {chromium} = require('playwright-core');
const {checkLitmusPage} = require('./litmus_in_browser.js');

const site = path.resolve(process.argv[2]);
const screenshots = process.argv[3];
const NARROW = {width: 500, height: 900};
const NARROWEST = {width: 360, height: 800};
// All that the colours have to do with: tables, code, pictures.
const IN_THE_DARK = ['index.html', 'using.html', 'speed.html', 'how-the-proof-fits-together.html', 'api/channels.html',
  'litmus/index.html'];
const WIDE = {width: 1280, height: 900};
const TYPES = {
  '.html': 'text/html', '.css': 'text/css', '.js': 'text/javascript', '.json': 'application/json',
  '.svg': 'image/svg+xml', '.png': 'image/png',
};

const errors = [];
const wrong = (page, what) => errors.push(`${page}: ${what}`);

/// Serves the site on this machine alone.
function serve() {
  const server = http.createServer((request, response) => {
    const name = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
    if (name === '/favicon.ico') {  // which browsers ask for by themselves; the order book has none
      response.writeHead(204).end();
      return;
    }
    const file = path.join(site, name.endsWith('/') ? name + 'index.html' : name);
    if (!file.startsWith(site) || !fs.existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {'Content-Type': TYPES[path.extname(file)] || 'application/octet-stream'});
    fs.createReadStream(file).pipe(response);
  });
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done(server)));
}

function pagesBelow(directory, prefix = '') {
  return fs.readdirSync(directory, {withFileTypes: true}).flatMap((entry) => {
    const name = prefix + entry.name;
    if (entry.isDirectory()) return pagesBelow(path.join(directory, entry.name), name + '/');
    return name.endsWith('.html') && name !== '404.html' ? [name] : [];
  });
}

/// What is in the page wider than the window: the widest element, and by how much.
function overflow() {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return null;
  const scrolls = (e) => {
    for (let p = e.parentElement; p; p = p.parentElement) {
      if (getComputedStyle(p).overflowX !== 'visible') return true;
    }
    return false;
  };
  const widest = [...document.body.querySelectorAll('*')]
      .filter((e) => e.getBoundingClientRect().right > width + 1 && !scrolls(e))
      .sort((a, b) => b.getBoundingClientRect().right - a.getBoundingClientRect().right)[0];
  return `${document.documentElement.scrollWidth} px` +
      (widest ? ` for <${widest.tagName.toLowerCase()}> "${widest.textContent.trim().slice(0, 40)}"` : '');
}

/// The least contrast of texts and links with their ground, as WCAG has it.
function contrast() {
  const numbers = (colour) => colour.match(/[\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => v / 255).map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = numbers(getComputedStyle(document.body).backgroundColor);
  const over = ([r, g, b, a = 1]) => [r, g, b].map((v, i) => v * a + ground[i] * (1 - a));
  const ratio = (element) => {
    const text = over(numbers(getComputedStyle(element).color));
    const [low, high] = [luminance(ground), luminance(text)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const texts = [...document.querySelectorAll('article p, article p a, article td, article h1, ' +
      '.frame p, .frame li, .frame a, .frame td, .frame h1, .frame pre span, ' +
      '#litmus-head p, #litmus-head a, #verdict, #states td, #caption, #legend, #orders code')];
  return {ratio: Math.min(...texts.map(ratio)), dark: luminance(ground) < 0.2};
}

async function openWatched(context, address) {
  const page = await context.newPage();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) wrong(page.url(), `console: ${message.text()}`);
  });
  page.on('pageerror', (error) => wrong(page.url(), String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith(address) && !/^(data|blob):/.test(request.url())) {
      wrong(page.url(), `loads ${request.url()}`);
    }
  });
  return page;
}

async function checkWidths(browser, address, names, colorScheme, viewport = NARROW) {
  const context = await browser.newContext({viewport, colorScheme});
  const page = await openWatched(context, address);
  for (const name of names) {
    await page.goto(address + name);
    const found = await page.evaluate(overflow);
    if (found) wrong(name, `wider than ${viewport.width} px: ${found}`);
    const {ratio, dark} = await page.evaluate(contrast);
    if (dark !== (colorScheme === 'dark')) wrong(name, `is not ${colorScheme}`);
    if (ratio < 4.5) wrong(name, `text of contrast ${ratio.toFixed(1)} in ${colorScheme}`);
    if (screenshots) {
      await page.screenshot({path: path.join(screenshots, `${colorScheme}-${viewport.width}-${name.replaceAll('/', '_')}.png`)});
    }
  }
  await context.close();
}

/// Whether the list of pages of the book stands beside the text, and that one gets from its first page to the last.
async function checkBook(browser, address, names) {
  const context = await browser.newContext({viewport: WIDE});
  const page = await openWatched(context, address);
  const placeOf = (selector) => page.locator(selector).first().boundingBox();
  await page.goto(address + 'book/index.html');
  let [text, list] = [await placeOf('main'), await placeOf('#contents')];
  if (list.x + list.width > text.x || list.y > text.y + 100) wrong(page.url(), 'the list is not beside the text');
  await page.setViewportSize(NARROW);
  [text, list] = [await placeOf('main'), await placeOf('#contents')];
  if (list.y < text.y + text.height) wrong(page.url(), 'the list is not below the text on a narrow screen');
  await page.setViewportSize(WIDE);
  let turned = 1;
  for (; await page.locator('a[rel=next]').count() && turned < names.length + 1; ++turned) {
    await page.locator('a[rel=next]').click();
    await page.waitForLoadState();
  }
  if (turned !== names.length) wrong(page.url(), `${turned} pages on the way, not ${names.length}`);
  await context.close();
}

async function checkNavigation(browser, address) {
  const context = await browser.newContext({viewport: WIDE});
  const page = await openWatched(context, address);
  await page.goto(address + 'index.html');
  const tabs = await page.locator('.md-tabs__link').allTextContents();
  for (const tab of tabs.map((text) => text.trim())) {
    await page.locator('.md-tabs__link', {hasText: tab}).first().click();
    await page.waitForLoadState();
    if (await page.locator('h1').count() !== 1) wrong(page.url(), 'has not one title');
    await page.locator('.md-tabs__link--active', {hasText: tab}).waitFor({timeout: 5000});
  }
  await page.goto(address + 'index.html');
  await page.getByRole('link', {name: 'common mistakes'}).click();
  await page.locator('h1', {hasText: 'Common mistakes'}).waitFor({timeout: 5000});
  await context.close();
}

async function checkSearch(browser, address) {
  const context = await browser.newContext({viewport: WIDE});
  const page = await openWatched(context, address);
  await page.goto(address + 'index.html');
  await page.locator('.md-search__input').click();
  await page.keyboard.type('recv_until');
  const result = page.locator('.md-search-result__link[href*="api/channels.html"]').first();
  await result.waitFor({timeout: 20000});
  await result.click();
  await page.locator('h1', {hasText: 'Channels and handles'}).waitFor({timeout: 5000});
  await context.close();
}

/// A block of a litmus test in the text leads to the page that runs it.
async function checkLinkToLitmus(browser, address) {
  const context = await browser.newContext({viewport: WIDE});
  const page = await openWatched(context, address);
  await page.goto(address + 'litmus.html');
  await page.getByRole('link', {name: 'Open it in the browser'}).first().click();
  await page.locator('#verdict', {hasText: '3 outcomes'}).waitFor({timeout: 20000});
  await page.getByRole('link', {name: 'What can be written'}).click();
  await page.locator('h1', {hasText: 'Litmus tests'}).waitFor({timeout: 5000});
  await context.close();
}

async function main() {
  let measured = 'litmus tests: not measured';
  const start = Date.now();
  const server = await serve();
  const address = `http://127.0.0.1:${server.address().port}/`;
  const command = process.env.CHROMIUM || 'chromium';
  const executablePath = execFileSync('sh', ['-c', `command -v ${command}`], {encoding: 'utf8'}).trim();
  const browser = await chromium.launch({executablePath, args: ['--no-sandbox']});
  const isOfBook = (name) => name.startsWith('book/');
  const names = pagesBelow(site).filter((name) => !isOfBook(name));
  const book = pagesBelow(site).filter(isOfBook);
  try {
    await checkWidths(browser, address, names, 'light');
    await checkWidths(browser, address, names.filter((name) => IN_THE_DARK.includes(name)), 'dark');
    await checkWidths(browser, address, book, 'light', NARROWEST);
    await checkWidths(browser, address, book, 'dark');
    if (book.length) await checkBook(browser, address, book);
    await checkNavigation(browser, address);
    await checkSearch(browser, address);
    await checkLinkToLitmus(browser, address);
    measured = await checkLitmusPage({browser, site, wrong, open: openWatched, looks: {overflow, contrast}, screenshots});
  } catch (error) {
    wrong('the site', String(error));
  }
  await browser.close();
  server.close();
  errors.forEach((error) => console.log(error));
  console.log(measured);
  const seconds = ((Date.now() - start) / 1000).toFixed(0);
  console.log(`browser: ${names.length} pages, ${IN_THE_DARK.length} of them in dark as well, ` +
      `${book.length} of the order book, ${errors.length} errors, ${seconds} s`);
  process.exitCode = errors.length ? 1 : 0;
}

main();
