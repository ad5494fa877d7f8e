package dev.tidepool.allocator.jfr;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import org.jspecify.annotations.Nullable;

/** The event of an allocation that a budget refused. */
@Name("dev.tidepool.BudgetRefusal")
@Label("Budget Refusal")
@Category("Tidepool")
@Description("An allocation would have exceeded a budget, and failed")
final class BudgetRefusalEvent extends Event {
  @Label("Connection")
  @Description("What the arena was opened for, such as the channel")
  @Nullable String connection;

  @Label("Asked")
  @Description("Bytes of the block that was asked for")
  @DataAmount
  long asked;

  @Label("Held")
  @Description("Bytes that counted against the budget")
  @DataAmount
  long held;

  @Label("Budget")
  @Description("The budget without room")
  @DataAmount
  long budget;
}
