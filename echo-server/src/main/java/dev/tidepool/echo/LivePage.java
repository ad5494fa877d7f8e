package dev.tidepool.echo;

import dev.tidepool.echo.live.http.PageServer;
import dev.tidepool.echo.trouble.TroubleMaker;
import org.jspecify.annotations.Nullable;

/** A server's page and the trouble that its viewers started; neither, where there is no page. */
final class LivePage implements AutoCloseable {
  private @Nullable TroubleMaker trouble;
  private @Nullable PageServer page;

  void add(TroubleMaker.Target target) {
    trouble = new TroubleMaker(target);
  }

  void add(PageServer opened) {
    page = opened;
  }

  @Nullable TroubleMaker trouble() {
    return trouble;
  }

  @Override
  public void close() {
    if (page != null) {
      page.close();
    }
    if (trouble != null) {
      trouble.close();
    }
  }
}
