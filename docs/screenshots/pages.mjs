// Walks through the demo's pages and takes a picture of each. To add one, add a line to PICTURES.
import { chromium } from 'playwright-core';

const [jenkins, images] = process.argv.slice(2);
const WIDTH = 1280;

/**
 * file: name of the picture.
 * path: of the page, below the address of Jenkins.
 * before: what to do on the page first.
 * part: a selector of what to show; without it, the whole page.
 * optional: whether the page may be missing.
 */
const PICTURES = [
  {
    file: 'credential',
    path: 'manage/credentials/store/system/domain/_/',
    before: async page => {
      await page.locator('tr', { hasText: 'Qwiet service account' }).getByRole('link').last().click();
      await page.getByText('Update', { exact: true }).first().click();
      await page.getByRole('button', { name: 'Test service account' }).click();
      await page.getByText('This service account may').waitFor();
    },
    part: 'dialog[open], .jenkins-dialog',
  },
  {
    file: 'settings',
    path: 'manage/configure',
    before: async page => {
      await page.getByRole('button', { name: 'Test connection' }).click();
      await page.getByText('This service account may').waitFor();
    },
    part: '.jenkins-section:has([name="_.apiAddress"])',
  },
  {
    file: 'snippet-generator',
    path: 'job/1-pipeline/pipeline-syntax/',
    before: async page => {
      await page.locator('select.dropdownList').first()
        .selectOption({ label: 'withQwietCiToken: Mint a Qwiet CI token for a block' });
      const label = page.locator('[name="_.label"]:visible').first();
      await label.fill('nightly scan');
      await page.getByRole('button', { name: 'Generate Pipeline Script' }).click();
      await page.waitForFunction(() => document.getElementById('prototypeText').value !== '');
    },
  },
  { file: 'log', path: 'job/1-pipeline/1/console' },
  { file: 'qwiet-tokens', path: 'job/1-pipeline/1/qwiet-tokens/', optional: true },
  { file: 'open-tokens', path: 'manage/qwiet-ci-tokens/', optional: true },
];

/** Builds a job once and waits for its end. */
async function build(page, job) {
  const crumb = await (await page.request.get(`${jenkins}crumbIssuer/api/json`)).json().catch(() => null);
  const headers = crumb ? { [crumb.crumbRequestField]: crumb.crumb } : {};
  await page.request.post(`${jenkins}job/${job}/build?delay=0sec`, { headers });
  for (;;) {
    const answer = await page.request.get(`${jenkins}job/${job}/1/api/json`);
    if (answer.ok() && (await answer.json()).result) {
      return;
    }
    await page.waitForTimeout(500);
  }
}

async function take(page, picture) {
  const answer = await page.goto(jenkins + picture.path, { waitUntil: 'networkidle' });
  if (picture.optional && answer.status() === 404) {
    console.log(`${picture.file}: no such page`);
    return;
  }
  if (!answer.ok()) {
    throw new Error(`${picture.path} answered ${answer.status()}`);
  }
  if (picture.before) {
    await picture.before(page);
    await page.waitForLoadState('networkidle');
  }
  const path = `${images}/${picture.file}.png`;
  if (picture.part) {
    await page.locator(picture.part).first().screenshot({ path, animations: 'disabled' });
  } else {
    await page.screenshot({ path, fullPage: true, animations: 'disabled' });
  }
  console.log(`${picture.file}: ${path}`);
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox'] });
try {
  const page = await browser.newPage({ viewport: { width: WIDTH, height: 720 }, colorScheme: 'light' });
  for (const job of ['1-pipeline', '4-freestyle']) {
    await build(page, job);
  }
  for (const picture of PICTURES) {
    await take(page, picture);
  }
} finally {
  await browser.close();
}
