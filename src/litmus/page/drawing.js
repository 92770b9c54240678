// SPDX-License-Identifier: MIT
//
// An execution as a picture: one column for each thread, time goes down. A node stands below what it reads from, as far as
// that is no cycle.
'use strict';

const Drawing = (() => {
  const CHARACTER = 7.6, LINE = 17, GAP = 84, ROW = 30, MARGIN = 14, HEAD = 26;
  const SVG = 'http://www.w3.org/2000/svg';

  function element(name, attributes, ...children) {
    const e = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) e.setAttribute(key, value);
    e.append(...children);
    return e;
  }

  /// What an event does, in two lines.
  function words(e) {
    const order = e.order === 'plain' ? 'plain' : e.order;
    switch (e.kind) {
      case 'initial': return ['initial', `${e.location} = ${e.written}`];
      case 'fence': return ['fence', e.order];
      case 'read': return [`load ${order}`, `${e.location} → ${e.read}`];
      case 'write': return [`store ${order}`, `${e.location} = ${e.written}`];
      default: return [`update ${order}`, `${e.location}: ${e.read} → ${e.written}`];
    }
  }

  /// Edges of one pair of nodes are one line; those of a cycle are drawn by themselves.
  function edgesOf(graph, cycle) {
    const edges = new Map();
    const add = ([from, to, relation], red) => {
      if (from === to) return;
      const key = `${from} ${to} ${red}`;
      const edge = edges.get(key) || {from, to, relations: [], red};
      if (!edge.relations.includes(relation)) edge.relations.push(relation);
      edges.set(key, edge);
    };
    cycle.forEach((edge) => add(edge, true));
    for (const edge of graph.edges) {
      const [from, to, relation] = edge;
      const inCycle = cycle.some(([f, t]) => f === from && t === to);
      const sameThread = graph.events[from].thread === graph.events[to].thread;
      if (!inCycle && !(relation === 'mo' && sameThread)) add(edge, false);
    }
    return [...edges.values()];
  }

  /// The row of each node: the longest way to it through its thread and through rf, sw and mo, of those edges that close
  /// no cycle.
  function placeRows(nodes, graph) {
    const before = nodes.map(() => []);
    const leads = (from, to, seen = new Set()) => from === to || before[to].some((middle) =>
      !seen.has(middle) && leads(from, middle, seen.add(middle)));
    const add = (from, to) => {
      if (!leads(to, from)) before[to].push(from);
    };
    nodes.forEach((n, i) => {
      if (i > 0 && nodes[i - 1].thread === n.thread) add(i - 1, i);
    });
    for (const kind of ['rf', 'sw', 'mo']) {
      graph.edges.filter((e) => e[2] === kind).forEach(([from, to]) => add(from, to));
    }
    const rows = [];
    const row = (i) => {
      if (rows[i] === undefined) rows[i] = Math.max(-1, ...before[i].map(row)) + 1;
      return rows[i];
    };
    nodes.forEach((n, i) => { n.row = row(i); });
  }

  function placeNodes(graph) {
    const nodes = graph.events.map((e) => ({...e, words: words(e)}));
    for (const n of nodes) {
      n.width = Math.max(...n.words.map((w) => w.length)) * CHARACTER + 18;
      n.height = 2 * LINE + 8;
    }
    const initials = nodes.filter((n) => n.kind === 'initial');
    const others = nodes.filter((n) => n.kind !== 'initial');
    placeRows(others, {edges: graph.edges.filter(([a, b]) => a < others.length && b < others.length)});
    const top = initials.length ? ROW + 2 * LINE + 8 : 0;
    const threads = [...new Set(others.map((n) => n.thread))].sort((a, b) => a - b);
    let x = MARGIN;
    const columns = threads.map((thread) => {
      const of = others.filter((n) => n.thread === thread);
      const width = Math.max(60, ...of.map((n) => n.width));
      for (const n of of) {
        n.column = threads.indexOf(thread);
        n.x = x + width / 2;
        n.y = MARGIN + top + HEAD + n.row * (n.height + ROW) + n.height / 2;
      }
      const column = {thread, left: x, width, of};
      x += width + GAP;
      return column;
    });
    let left = MARGIN;
    for (const n of initials) {
      Object.assign(n, {column: -1, x: left + n.width / 2, y: MARGIN + n.height / 2});
      left += n.width + GAP / 2;
    }
    const width = Math.max(x - GAP, left - GAP / 2) + MARGIN;
    const height = Math.max(...nodes.map((n) => n.y + n.height / 2), 0) + MARGIN;
    return {nodes, columns, width, height, top};
  }

  /// Where an edge leaves and comes: the sides of the boxes, each edge in a place of its own.
  function placeEnds(edges, nodes) {
    const sides = new Map();
    for (const edge of edges) {
      const [a, b] = [nodes[edge.from], nodes[edge.to]];
      edge.sides = a.column === b.column ? [1, 1] : a.x < b.x ? [1, -1] : [-1, 1];
      [[edge.from, edge.sides[0], b], [edge.to, edge.sides[1], a]].forEach(([n, side, other], end) => {
        const key = `${n} ${side}`;
        sides.set(key, [...sides.get(key) || [], {edge, end, y: other.y, x: other.x}]);
      });
    }
    for (const [key, ends] of sides) {
      const [n, side] = key.split(' ').map(Number);
      ends.sort((a, b) => a.y - b.y || a.x - b.x);
      ends.forEach((e, i) => {
        const share = (i + 1) / (ends.length + 1) - 0.5;
        e.edge[e.end ? 'end' : 'start'] = {
          x: nodes[n].x + side * nodes[n].width / 2,
          y: nodes[n].y + share * nodes[n].height * 0.9,
        };
      });
    }
  }

  /// Around the boxes of the columns between.
  function wayOf(edge, nodes, columns) {
    const [a, b] = [nodes[edge.from], nodes[edge.to]];
    const {start, end} = edge;
    if (a.column === b.column) {
      const out = 30 + Math.min(26, Math.abs(a.y - b.y) / 8);
      const x = Math.max(start.x, end.x) + out;
      return {path: `M${start.x},${start.y} C${x},${start.y} ${x},${end.y} ${end.x},${end.y}`,
        places: alongCurve(start, {x, y: start.y}, {x, y: end.y}, end)};
    }
    const points = [start];
    const between = a.column < 0 || b.column < 0 ? [] :
        columns.slice(Math.min(a.column, b.column) + 1, Math.max(a.column, b.column));
    if (a.column > b.column) between.reverse();
    for (const column of between) {
      const share = (column.left + column.width / 2 - start.x) / (end.x - start.x);
      const wanted = start.y + share * (end.y - start.y);
      const y = gapNear(column, wanted);
      const ends = [column.left - 6, column.left + column.width + 6];
      if (a.column > b.column) ends.reverse();
      ends.forEach((x) => points.push({x, y}));
    }
    points.push(end);
    let path = `M${start.x},${start.y}`;
    const places = [];
    for (let i = 1; i < points.length; ++i) {
      const [p, q] = [points[i - 1], points[i]];
      const bends = [{x: (p.x + q.x) / 2, y: p.y}, {x: (p.x + q.x) / 2, y: q.y}];
      path += ` C${bends[0].x},${bends[0].y} ${bends[1].x},${bends[1].y} ${q.x},${q.y}`;
      if (i % 2 === 1) places.push(...alongCurve(p, ...bends, q));
    }
    return {path, places};
  }

  /// Where a label may stand, the best places first.
  function alongCurve(a, b, c, d) {
    return [0.5, 0.35, 0.65, 0.25, 0.75].map((t) => {
      const s = 1 - t;
      const at = (key) => s ** 3 * a[key] + 3 * s * s * t * b[key] + 3 * s * t * t * c[key] + t ** 3 * d[key];
      return {x: at('x'), y: at('y')};
    });
  }

  /// The height nearest to the wanted one at which no box of the column is.
  function gapNear(column, wanted) {
    const clear = 7;
    const places = [wanted, ...column.of.flatMap((n) => [n.y - n.height / 2 - clear, n.y + n.height / 2 + clear])];
    const isFree = (y) => column.of.every((n) => Math.abs(n.y - y) >= n.height / 2 + clear - 1);
    return places.filter(isFree).sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))[0];
  }

  function kindOf(edge) {
    if (edge.red) return 'wrong';
    return ['sw', 'rf', 'mo'].find((kind) => edge.relations.includes(kind)) || 'other';
  }

  /// Each label at a place of its edge that is far from the other edges.
  function placeLabels(ways) {
    const distance = (p, q) => Math.hypot((p.x - q.x) / 2, p.y - q.y);
    const taken = [];
    for (const way of ways) {
      const others = [...taken, ...ways.filter((w) => w !== way).flatMap((w) => w.places)];
      const room = (p) => Math.min(20, ...others.map((o) => distance(p, o)));
      way.label = way.places.reduce((best, p) => room(p) > room(best) + 1 ? p : best);
      taken.push(way.label);
    }
  }

  function draw(graph, {cycle = [], racing = [], onLine = () => {}} = {}) {
    const {nodes, columns, width, height, top} = placeNodes(graph);
    const edges = edgesOf(graph, cycle);
    const straight = (e) => nodes[e.from].column === nodes[e.to].column && e.to === e.from + 1 &&
        nodes[e.from].kind !== 'initial' && e.relations.every((r) => ['sb', 'ppo'].includes(r));
    const curved = edges.filter((e) => !straight(e));
    if (racing.length) curved.push({from: racing[0], to: racing[1], relations: ['race'], red: true, race: true});
    placeEnds(curved, nodes);
    const reach = curved.some((e) => nodes[e.from].column === nodes[e.to].column) ? 60 : 0;
    const svg = element('svg', {class: cycle.length ? 'graph with-cycle' : 'graph', width: width + reach, height,
      viewBox: `0 0 ${width + reach} ${height}`, role: 'img', 'aria-label': spoken(graph, cycle)});
    svg.append(arrowHeads());
    for (const c of columns) {
      svg.append(element('text', {class: 'head', x: c.left + c.width / 2, y: MARGIN + top + 12}, `P${c.thread}`));
      for (let i = 1; i < c.of.length; ++i) {
        const [a, b] = [c.of[i - 1], c.of[i]];
        const red = edges.some((e) => e.red && straight(e) && nodes[e.from] === a && nodes[e.to] === b);
        svg.append(element('path', {class: `edge ${red ? 'wrong' : 'program'}`,
          d: `M${a.x},${a.y + a.height / 2} L${b.x},${b.y - b.height / 2 - 1}`}));
        if (red) svg.append(element('text', {class: 'label wrong', x: a.x + 12, y: (a.y + b.y) / 2 + 4}, 'sb'));
      }
    }
    const ways = curved.map((edge) => ({edge, ...wayOf(edge, nodes, columns)}));
    placeLabels(ways);
    for (const {edge, path} of ways) {
      svg.append(element('path', {class: `edge ${kindOf(edge)}${edge.race ? ' race' : ''}`, d: path}));
    }
    const inCycle = new Set([...cycle.flatMap(([from, to]) => [from, to]), ...racing]);
    nodes.forEach((n, i) => svg.append(box(n, inCycle.has(i), onLine)));
    for (const {edge, label} of ways) {
      const text = edge.relations.join(', ');
      svg.append(element('text', {class: `label ${kindOf(edge)}`, x: label.x, y: label.y + 4}, text));
    }
    return svg;
  }

  function arrowHeads() {
    return element('defs', {}, ...['program', 'rf', 'sw', 'mo', 'other', 'wrong'].map((kind) =>
      element('marker', {id: `arrow-${kind}`, class: `arrow ${kind}`, viewBox: '0 0 8 8', refX: 7, refY: 4,
        markerWidth: 8, markerHeight: 8, markerUnits: 'userSpaceOnUse', orient: 'auto'},
      element('path', {d: 'M0,0 L8,4 L0,8 z'}))));
  }

  function box(n, isRed, onLine) {
    const of = (y, text, kind) => element('text', {class: kind, x: n.x, y}, text);
    const top = n.y - n.height / 2;
    const g = element('g', {class: `event ${n.kind}${isRed ? ' wrong' : ''}`},
        element('title', {}, n.line ? `line ${n.line}` : 'the initial value'),
        element('rect', {x: n.x - n.width / 2, y: top, width: n.width, height: n.height, rx: 6}),
        of(top + 16, n.words[0], 'how'), of(top + 16 + LINE, n.words[1], 'what'));
    if (n.line) g.addEventListener('click', () => onLine(n.line));
    return g;
  }

  /// "P0: store release x = 1 (line 8)"
  function eventText(e) {
    const text = words(e).join(' ');
    return e.kind === 'initial' ? text : `P${e.thread}: ${text} (line ${e.line})`;
  }

  const MEANING = {rf: 'is read by', sw: 'synchronizes with', mo: 'comes in modification order before'};
  const edgeText = (graph, [from, to, relation]) =>
    `${eventText(graph.events[from])} ${MEANING[relation] || `—${relation}→`} ${eventText(graph.events[to])}`;

  function spoken(graph, cycle) {
    const what = cycle.length ? `, ${cycle.length} of them in a cycle that is forbidden` : '';
    return `A graph of ${graph.events.length} events and ${graph.edges.length + cycle.length} edges${what}; ` +
        'below it is the same as text';
  }

  return {draw, eventText, edgeText};
})();
