package dev.tidepool.echo.live.page;

import static org.assertj.core.api.Assertions.fail;

import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests the one browser of the test run. Where there is none the tests are skipped, unless
 * the environment says that it is required.
 */
public final class BrowserExtension implements ParameterResolver, ExecutionCondition {
  private static final String MISSING = "no chromium and chromedriver on the path";
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

  /** Once for each class and test; the path does not change. */
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return Browser.isInstalled() || isRequired()
        ? ConditionEvaluationResult.enabled("there is a browser, or has to be")
        : ConditionEvaluationResult.disabled(MISSING);
  }

  private static boolean isRequired() {
    return "required".equals(System.getenv(Browser.ENVIRONMENT));
  }

  private static Browser missing() {
    return fail(MISSING + ", but " + Browser.ENVIRONMENT + " is 'required'");
  }
}
