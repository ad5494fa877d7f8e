package dev.tidepool.allocator;

import dev.tidepool.allocator.threads.ClockThread;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The log of a test, of all threads: SLF4J's simple logger writes to System.err. */
public final class CapturedLog implements BeforeEachCallback, AfterEachCallback {
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private PrintStream before;

  @Override
  public void beforeEach(ExtensionContext context) {
    before = System.err;
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
  }

  @Override
  public void afterEach(ExtensionContext context) {
    System.setErr(before);
  }

  /** All text so far. */
  public String text() {
    return log.toString(StandardCharsets.UTF_8);
  }

  /** Drops the text so far, and what other tests have left for the clock's thread to log. */
  public void clearWithClock() throws Exception {
    ClockThread.EXECUTOR.submit(() -> {}).get();
    clear();
  }

  /** Drops the text so far. */
  public void clear() {
    log.reset();
  }

  /** The lines that contain {@code part}. */
  public List<String> lines(String part) {
    return text().lines().filter(line -> line.contains(part)).toList();
  }
}
