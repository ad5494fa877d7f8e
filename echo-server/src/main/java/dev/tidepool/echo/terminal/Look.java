package dev.tidepool.echo.terminal;

import dev.tidepool.echo.figures.Figures;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jline.utils.AttributedStyle;

/**
 * How a screen looks: with Unicode's blocks or in plain ASCII, with colours or without.
 *
 * @param unicode whether the terminal shows block elements
 * @param colours whether it is to have colours
 */
public record Look(boolean unicode, boolean colours) {

  /**
   * Of the environment: the locale's encoding, {@code TERM} (the Linux console has few glyphs) and
   * {@code NO_COLOR}, which turns colours off unless it is empty.
   */
  public static Look of(Map<String, String> environment) {
    String locale =
        Stream.of("LC_ALL", "LC_CTYPE", "LANG")
            .map(name -> environment.getOrDefault(name, ""))
            .filter(value -> !value.isEmpty())
            .findFirst()
            .orElse("")
            .toLowerCase(Locale.ROOT);
    boolean utf8 = locale.contains("utf-8") || locale.contains("utf8");
    boolean console = environment.getOrDefault("TERM", "").equals("linux");
    return new Look(utf8 && !console, environment.getOrDefault("NO_COLOR", "").isEmpty());
  }

  /** The parts of a bar, which differ without colours too. */
  enum Part {
    ALIVE('█', '#', AttributedStyle.GREEN),
    RELEASED('▓', '+', AttributedStyle.CYAN),
    STRAGGLING('▒', '!', AttributedStyle.YELLOW),
    FREE('░', '.', AttributedStyle.BLUE),
    NONE(' ', ' ', AttributedStyle.WHITE),
    PEAK('▏', '|', AttributedStyle.MAGENTA);

    private final char block;
    private final char ascii;
    private final int colour;

    Part(char block, char ascii, int colour) {
      this.block = block;
      this.ascii = ascii;
      this.colour = colour;
    }
  }

  char glyph(Part part) {
    return unicode ? part.block : part.ascii;
  }

  AttributedStyle style(Part part) {
    return colour(AttributedStyle.DEFAULT, part.colour);
  }

  AttributedStyle plain() {
    return AttributedStyle.DEFAULT;
  }

  AttributedStyle faint() {
    return AttributedStyle.DEFAULT.faint();
  }

  AttributedStyle strong() {
    return AttributedStyle.DEFAULT.bold();
  }

  AttributedStyle title() {
    return AttributedStyle.DEFAULT.inverse();
  }

  /** Of a figure that an operator should look at. */
  AttributedStyle alarm() {
    return colour(AttributedStyle.DEFAULT.bold(), AttributedStyle.RED);
  }

  private AttributedStyle colour(AttributedStyle style, int colour) {
    return colours ? style.foreground(colour) : style;
  }

  String time(long nanos) {
    String text = Figures.nanos(nanos);
    return unicode ? text : text.replace('µ', 'u');
  }

  /** How often something is there: ×, or x. */
  char times() {
    return unicode ? '×' : 'x';
  }
}
