package dev.tidepool.echo.terminal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Keeps what is logged on standard error off a screen: it holds the last lines, and prints them
 * when it is closed. Does nothing if standard error is no terminal. Thread-safe.
 */
public final class CapturedErrors implements AutoCloseable {
  static final int LINES = 200;
  private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

  private final PrintStream before = System.err;
  private final Lines lines = new Lines();

  public CapturedErrors() {
    this(isTerminal());
  }

  CapturedErrors(boolean captures) {
    if (captures) {
      System.setErr(new PrintStream(lines, true, StandardCharsets.UTF_8));
    }
  }

  private static boolean isTerminal() {
    try {
      String target = Files.readSymbolicLink(STANDARD_ERROR).toString();
      return target.startsWith("/dev/") && !target.equals("/dev/null");
    } catch (IOException | UnsupportedOperationException e) {
      return true;
    }
  }

  /** The last line, without control characters; empty if there is none. */
  public String lastLine() {
    return lines.last();
  }

  @Override
  public void close() {
    System.setErr(before);
    lines.printTo(before);
  }

  /** Guards its fields by itself. */
  private static final class Lines extends OutputStream {
    private final Deque<String> last = new ArrayDeque<>();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long leftOut;

    @Override
    public synchronized void write(int b) {
      if (b != '\n') {
        line.write(b);
        return;
      }
      if (last.size() == LINES) {
        last.removeFirst();
        leftOut++;
      }
      last.addLast(line.toString(StandardCharsets.UTF_8));
      line.reset();
    }

    synchronized String last() {
      return last.isEmpty() ? "" : last.getLast().replaceAll("\\p{Cntrl}", " ");
    }

    synchronized void printTo(PrintStream out) {
      if (leftOut > 0) {
        out.println("(" + leftOut + " lines before these are left out)");
      }
      last.forEach(out::println);
      out.print(line.toString(StandardCharsets.UTF_8));
      out.flush();
    }
  }
}
