package dev.tidepool.echo.cli;

import dev.tidepool.echo.protocol.Protocols;
import java.util.ListResourceBundle;
import java.util.stream.Collectors;

/**
 * The parts of help texts that are computed: an option's description has them as {@code
 * ${bundle:key}}.
 */
public final class HelpTexts extends ListResourceBundle {
  @Override
  protected Object[][] getContents() {
    return new Object[][] {{"protocols", protocols()}};
  }

  private static String protocols() {
    return Protocols.all().stream()
        .map(protocol -> protocol.name() + ": " + protocol.description())
        .collect(Collectors.joining("; "));
  }
}
