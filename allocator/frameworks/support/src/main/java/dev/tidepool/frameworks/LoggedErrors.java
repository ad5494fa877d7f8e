package dev.tidepool.frameworks;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/** The warnings and errors that the allocator, and Netty's leak detection, log during a test. */
final class LoggedErrors extends AppenderBase<ILoggingEvent> {
  private static final List<String> LOGGERS =
      List.of("dev.tidepool.allocator", "io.netty.util.ResourceLeakDetector");

  private final Queue<String> lines = new ConcurrentLinkedQueue<>();

  void attach() {
    lines.clear();
    start();
    LOGGERS.forEach(name -> logger(name).addAppender(this));
  }

  void detach() {
    LOGGERS.forEach(name -> logger(name).detachAppender(this));
    stop();
  }

  private static Logger logger(String name) {
    return (Logger) LoggerFactory.getLogger(name);
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
      lines.add(event.getLoggerName() + ": " + event.getFormattedMessage());
    }
  }

  List<String> lines() {
    return List.copyOf(lines);
  }
}
