package dev.tidepool.echo.live.page;

import static org.assertj.core.api.Assertions.fail;

import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.opentest4j.TestAbortedException;

/**
 * Gives tests the one browser of the test run. Where there is none the tests are skipped, unless
 * the environment says that it is required.
 */
final class BrowserExtension implements ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(BrowserExtension.class);

  /** The browser, if there is one, which ends with the test run. */
  private record Started(Optional<Browser> browser) implements AutoCloseable {
    @Override
    public void close() {
      browser.ifPresent(Browser::close);
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Browser.class;
  }

  @Override
  public Browser resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(Started.class, key -> new Started(Browser.start()), Started.class)
        .browser()
        .orElseGet(BrowserExtension::missing);
  }

  private static Browser missing() {
    String text = "no chromium and chromedriver on the path";
    if ("required".equals(System.getenv(Browser.ENVIRONMENT))) {
      return fail(text + ", but " + Browser.ENVIRONMENT + " is 'required'");
    }
    throw new TestAbortedException(text);
  }
}
