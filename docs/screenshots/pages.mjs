// Walks through the demo's pages and takes a picture of each. To add one, add a line to PICTURES.
import { chromium } from 'playwright-core';

const [jenkins, images] = process.argv.slice(2);
const WIDTH = 1280;

/** Holds two tokens for a minute. */
const HOLDING = `<flow-definition plugin="workflow-job"><definition class="org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition">
  <script>withQwietCiToken('nightly scan') { withQwietCiToken(label: 'dependencies', validFor: 900) { sleep 60 } }</script>
  <sandbox>true</sandbox></definition></flow-definition>`;

/**
 * file: name of the picture.
 * path: of the page, below the address of Jenkins.
 * before: what to do on the page first.
 * part: a selector of what to show; without it, the whole page.
 * top: only as much of the page as a window shows.
 */
const PICTURES = [
  {
    file: 'credential',
    path: 'manage/credentials/store/system/domain/_/credential/qwiet/',
    before: async page => {
      // A dialog or, before there was one, a page.
      await page.locator('[data-type="credentials-update"], #main-panel a[href$="/update"]').first().click();
      await test(page, 'Test service account');
    },
    part: 'dialog[open], #main-panel',
  },
  {
    file: 'settings',
    path: 'manage/configure',
    before: async page => {
      await test(page, 'Test connection');
    },
    part: '.jenkins-section:has([name="_.apiAddress"])',
  },
  {
    file: 'snippet-generator',
    path: 'job/1-pipeline/pipeline-syntax/',
    before: async page => {
      await page.locator('select.dropdownList').first()
        .selectOption({ label: 'withQwietCiToken: Create a Qwiet CI token for a block' });
      const label = page.locator('[name="_.label"]:visible').first();
      await label.fill('nightly scan');
      await page.getByRole('button', { name: 'Generate Pipeline Script' }).click();
      await page.waitForFunction(() => document.getElementById('prototypeText').value !== '');
    },
  },
  {
    file: 'log',
    path: 'job/2-declarative/1/console',
    // Where this Jenkins lies on a disk is of no interest.
    before: page => page.locator('.console-output').first()
      .evaluate(log => { log.innerHTML = log.innerHTML.replace(/\S+(?=\/jobs\/\S*workspace)/g, '…'); }),
  },
  { file: 'qwiet-tokens', path: 'job/1-pipeline/1/qwiet-tokens/', top: true },
  {
    file: 'open-tokens',
    path: 'manage/qwiet-ci-tokens/',
    before: async page => {
      await post(page, 'createItem?name=nightly', { data: HOLDING, headers: { 'Content-Type': 'application/xml' } });
      await post(page, 'job/nightly/build?delay=0sec');
      await until(page, 'dependencies', () => page.reload({ waitUntil: 'networkidle' }));
    },
  },
];

async function post(page, path, { data, headers } = {}) {
  const crumb = await (await page.request.get(`${jenkins}crumbIssuer/api/json`)).json().catch(() => null);
  const answer = await page.request.post(jenkins + path, {
    data,
    headers: { ...headers, ...(crumb && { [crumb.crumbRequestField]: crumb.crumb }) },
  });
  if (!answer.ok()) {
    throw new Error(`${path} answered ${answer.status()}`);
  }
}

/** Does something until a text is there; fails if it never is. */
async function until(page, text, act) {
  for (let tries = 0; tries < 10; tries++) {
    await act();
    if (await page.getByText(text).count() > 0) {
      return;
    }
  }
  throw new Error(`"${text}" did not appear`);
}

/** A form may be there before its buttons do anything. */
async function test(page, button) {
  await until(page, 'This service account may', async () => {
    await page.getByRole('button', { name: button }).click();
    await page.waitForTimeout(2000);
  });
}

/** Builds a job once and waits for its end. */
async function build(page, job) {
  await post(page, `job/${job}/build?delay=0sec`);
  for (let tries = 0; tries < 240; tries++) {
    const answer = await page.request.get(`${jenkins}job/${job}/1/api/json`);
    if (answer.ok() && !(await answer.json()).inProgress) {
      return;
    }
    await page.waitForTimeout(500);
  }
  throw new Error(`${job} does not come to its end`);
}

async function take(page, picture) {
  const answer = await page.goto(jenkins + picture.path, { waitUntil: 'networkidle' });
  if (!answer.ok()) {
    throw new Error(`${picture.path} answered ${answer.status()}`);
  }
  if (picture.before) {
    await picture.before(page);
    await page.waitForLoadState('networkidle');
    await page.evaluate(() => window.scrollTo(0, 0));
  }
  const path = `${images}/${picture.file}.png`;
  if (picture.part) {
    await page.locator(picture.part).last().screenshot({ path, animations: 'disabled' });
  } else {
    await page.screenshot({ path, fullPage: !picture.top, animations: 'disabled' });
  }
  console.log(`${picture.file}: ${path}`);
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox'] });
try {
  const page = await browser.newPage({ viewport: { width: WIDTH, height: 900 }, colorScheme: 'light' });
  for (const job of ['1-pipeline', '2-declarative', '4-freestyle']) {
    await build(page, job);
  }
  for (const picture of PICTURES) {
    await take(page, picture);
  }
} finally {
  await browser.close();
}
