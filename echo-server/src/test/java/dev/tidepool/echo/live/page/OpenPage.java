package dev.tidepool.echo.live.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.testing.TestServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.StreamSupport;
import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.Keys;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;

/** The live page in the browser. Its close fails if the console was written to. */
public final class OpenPage implements AutoCloseable {
  private static final String AXE = "/axe.min.js";

  private final ChromeDriver driver;

  OpenPage(ChromeDriver driver) {
    this.driver = driver;
  }

  /** Waits for {@code condition}, and fails if it never comes. */
  public void await(String what, BooleanSupplier condition) {
    TestServer.await(what, () -> holds(condition));
  }

  /** An element that goes while it is read is looked for again. */
  private static boolean holds(BooleanSupplier condition) {
    try {
      return condition.getAsBoolean();
    } catch (StaleElementReferenceException | NoSuchElementException e) {
      return false;
    }
  }

  /** Waits until {@code selector} has that text. */
  void awaitText(String selector, String text) {
    await(selector + " has the text '" + text + "'", () -> text(selector).equals(text));
  }

  void awaitAttribute(String selector, String name, String value) {
    await(
        selector + " has the " + name + " '" + value + "'",
        () -> attribute(selector, name).equals(value));
  }

  WebElement find(String selector) {
    return driver.findElement(By.cssSelector(selector));
  }

  public int count(String selector) {
    return driver.findElements(By.cssSelector(selector)).size();
  }

  boolean has(String selector) {
    return count(selector) > 0;
  }

  /** The text of the first element, hidden parts left out; empty if there is none. */
  public String text(String selector) {
    return texts(selector).stream().findFirst().orElse("");
  }

  public List<String> texts(String selector) {
    return driver.findElements(By.cssSelector(selector)).stream().map(WebElement::getText).toList();
  }

  String attribute(String selector, String name) {
    return String.valueOf(find(selector).getDomAttribute(name));
  }

  /** Clicks in the middle of the window: smooth scrolling would move what is to be clicked. */
  void click(String selector) {
    WebElement element = find(selector);
    script("arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })", element);
    element.click();
  }

  void type(CharSequence... keys) {
    driver.switchTo().activeElement().sendKeys(keys);
  }

  /** Presses the tabulator until {@code selector} has the focus, as people without a mouse do. */
  void tabTo(String selector) {
    for (int i = 0; i < 200; i++) {
      type(Keys.TAB);
      if (Boolean.TRUE.equals(
          script("return document.activeElement.matches(arguments[0])", selector))) {
        return;
      }
    }
    throw new AssertionError("the tabulator does not come to " + selector);
  }

  public Object script(String script, Object... arguments) {
    return ((JavascriptExecutor) driver).executeScript(script, arguments);
  }

  /** What a promise of the page's comes to. */
  Object promised(String expression) {
    return driver.executeAsyncScript(
        "const done = arguments[0];"
            + "(async () => "
            + expression
            + ")().then(done, (failure) => done('FAILED ' + failure))");
  }

  /** Chooses an option by its value. */
  public void choose(String selector, String value) {
    click(selector + " option[value='" + value + "']");
  }

  /** The number of events that have happened in the slow motion. */
  int position() {
    return ((Long) script("return Number(document.querySelector('#motion-scrub').value)"))
        .intValue();
  }

  /** Goes to a place in the recording, as the slider does. */
  void scrub(int position) {
    script(
        "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input'))",
        find("#motion-scrub"),
        position);
  }

  /** What axe-core finds that people with assistive technology would miss. */
  public String violations() {
    script(resource(AXE));
    return String.valueOf(
        promised(
            "(await axe.run(document, { resultTypes: ['violations'] })).violations.map((each) => `${each.id}: ${each.help}: "
                + "${each.nodes.map((node) => node.html).join(' ')}`).join('\\n')"));
  }

  private static String resource(String name) {
    try (InputStream in = OpenPage.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the window shows, as PNG. */
  public byte[] screenshot() {
    return driver.getScreenshotAs(OutputType.BYTES);
  }

  /**
   * What was written to the console since it was asked last: errors, and what the policy refused.
   * Not that the server was too busy to answer in time (503), which a slow machine may make it.
   */
  List<String> console() {
    return StreamSupport.stream(driver.manage().logs().get(LogType.BROWSER).spliterator(), false)
        .map(LogEntry::toString)
        .filter(line -> !line.contains("status of 503"))
        .toList();
  }

  /** Leaves the page. */
  @Override
  public void close() {
    driver.get("about:blank");
    assertThat(console()).as("what the page wrote to the console").isEmpty();
  }
}
