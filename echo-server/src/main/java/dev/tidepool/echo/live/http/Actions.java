package dev.tidepool.echo.live.http;

import dev.tidepool.echo.trouble.Trouble;
import dev.tidepool.echo.trouble.TroubleMaker;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The endpoints of the trouble that viewers may start, if they may. */
final class Actions {
  private final @Nullable TroubleMaker maker;

  /**
   * @param maker null: viewers may start nothing
   */
  Actions(@Nullable TroubleMaker maker) {
    this.maker = maker;
  }

  /** What may be started, and how much of it is under way. */
  record Action(String name, String title, int running, int limit) {
    static Action of(Trouble trouble, TroubleMaker maker) {
      return new Action(trouble.id(), trouble.title(), maker.running(trouble), TroubleMaker.LIMIT);
    }
  }

  Reply list(PageRequest request) {
    TroubleMaker enabled = maker;
    List<Action> actions =
        enabled == null
            ? List.of()
            : Arrays.stream(Trouble.values())
                .filter(enabled::isPossible)
                .map(trouble -> Action.of(trouble, enabled))
                .toList();
    return Reply.json(Map.of("enabled", enabled != null, "actions", actions));
  }

  Reply start(PageRequest request) {
    if (maker == null) {
      throw new RefusedException(
          HttpResponseStatus.FORBIDDEN,
          "the server was started without --ui-actions, so viewers may start nothing");
    }
    Trouble trouble =
        Trouble.of(request.variable("name"))
            .filter(maker::isPossible)
            .orElseThrow(() -> RefusedException.notFound(request.path()));
    if (!maker.start(trouble)) {
      throw new RefusedException(
          HttpResponseStatus.TOO_MANY_REQUESTS,
          TroubleMaker.LIMIT + " of '" + trouble.id() + "' are under way, which is the limit");
    }
    return Reply.json(HttpResponseStatus.ACCEPTED, Action.of(trouble, maker));
  }
}
