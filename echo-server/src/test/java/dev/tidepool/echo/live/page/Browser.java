package dev.tidepool.echo.live.page;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * A headless Chromium, driven by the chromedriver that lies beside it on the path. Nothing is ever
 * downloaded.
 */
public final class Browser implements AutoCloseable {
  /** The value {@code required} of this environment variable makes a missing browser a failure. */
  static final String ENVIRONMENT = "TIDEPOOL_BROWSER";

  private static final List<String> BROWSERS = List.of("chromium", "chromium-browser");
  private static final List<String> DRIVERS = List.of("chromedriver");

  /** Held, for a logger that is not is forgotten with its level. */
  private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

  static {
    // It warns that it knows no typed commands for this Chromium; none are used.
    SELENIUM.setLevel(Level.SEVERE);
  }

  private final ChromeDriver driver;

  private Browser(Path browser, Path driver) {
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(driver.toFile())
            .usingAnyFreePort()
            .build();
    this.driver = new ChromeDriver(service, options(browser));
  }

  /** Starts the browser, nothing if it or its driver is not on the path. */
  static Optional<Browser> start() {
    return find(BROWSERS)
        .flatMap(browser -> find(DRIVERS).map(driver -> new Browser(browser, driver)));
  }

  /** Whether both are on the path. */
  static boolean isInstalled() {
    return find(BROWSERS).isPresent() && find(DRIVERS).isPresent();
  }

  private static Optional<Path> find(List<String> names) {
    return Pattern.compile(File.pathSeparator)
        .splitAsStream(System.getenv().getOrDefault("PATH", ""))
        .flatMap(directory -> names.stream().map(name -> Path.of(directory, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static ChromeOptions options(Path browser) {
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(browser.toFile());
    // Chromium refuses to run as root, which containers do, with its sandbox.
    options.addArguments(
        "--headless=new",
        "--hide-scrollbars",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage");
    options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
    return options;
  }

  /** Opens a page as it is on a screen of {@code look}. */
  public OpenPage open(String url, Look look) {
    emulate(look);
    driver.get(url);
    return new OpenPage(driver);
  }

  OpenPage open(String url) {
    return open(url, Look.DESK);
  }

  private void emulate(Look look) {
    command(
        "Emulation.setDeviceMetricsOverride",
        Map.of(
            "width", look.width(),
            "height", look.height(),
            "deviceScaleFactor", 1,
            "mobile", look.phone()));
    command(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            Stream.of(
                    Map.of("name", "prefers-color-scheme", "value", look.dark() ? "dark" : "light"),
                    Map.of("name", "prefers-reduced-motion", "value", look.still() ? "reduce" : ""))
                .toList()));
  }

  private void command(String name, Map<String, Object> parameters) {
    driver.executeCdpCommand(name, parameters);
  }

  @Override
  public void close() {
    driver.quit();
  }
}
