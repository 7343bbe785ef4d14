<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>ActionBar</name>
    <message>
        <source>Comment (optional)</source>
        <translation>备注（可选）</translation>
    </message>
    <message>
        <source>Acknowledge visible page</source>
        <translation>确认当前页</translation>
    </message>
    <message>
        <source>Acknowledge selected</source>
        <translation>确认所选</translation>
    </message>
    <message>
        <source>Key: {0}</source>
        <translation>按键：{0}</translation>
    </message>
    <message>
        <source>The alarms whose lines are on the screen now, and no other (Shift+A)</source>
        <translation>仅限当前屏幕上完整显示的报警（Shift+A）</translation>
    </message>
</context>
<context>
    <name>AlarmAction</name>
    <message>
        <source>Acknowledge</source>
        <translation>确认</translation>
    </message>
    <message>
        <source>Confirm</source>
        <translation>核实</translation>
    </message>
    <message>
        <source>Add the comment</source>
        <translation>添加备注</translation>
    </message>
    <message>
        <source>Shelve…</source>
        <translation>搁置…</translation>
    </message>
    <message>
        <source>Shelve until it returns</source>
        <translation>搁置至恢复</translation>
    </message>
    <message>
        <source>Unshelve</source>
        <translation>取消搁置</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>复位</translation>
    </message>
    <message>
        <source>Out of service…</source>
        <translation>停用…</translation>
    </message>
    <message>
        <source>Return to service</source>
        <translation>恢复使用</translation>
    </message>
    <message>
        <source>Add the comment typed below</source>
        <translation>添加下方输入的备注</translation>
    </message>
</context>
<context>
    <name>AlarmBanner</name>
    <message>
        <source>Silence</source>
        <translation>消音</translation>
    </message>
    <message>
        <source>Stops the horn of this desk; acknowledges nothing (Ctrl+M)</source>
        <translation>仅停止本台音响，不确认报警（Ctrl+M）</translation>
    </message>
    <message>
        <source>Acknowledge</source>
        <translation>确认</translation>
    </message>
    <message>
        <source>Acknowledges the alarm shown at the left (Ctrl+Return)</source>
        <translation>确认左侧所示报警（Ctrl+Return）</translation>
    </message>
    <message>
        <source>Flood: {0}</source>
        <translation>报警泛滥：{0}</translation>
    </message>
    <message>
        <source>{0} alarms in the last 10 minutes; the list groups them</source>
        <translation>最近 10 分钟内 {0} 条报警；列表已分组显示</translation>
    </message>
    <message>
        <source>Alarms are not known: no link to the engine</source>
        <translation>报警未知：与引擎无连接</translation>
    </message>
    <message>
        <source>No unacknowledged alarm</source>
        <translation>无未确认报警</translation>
    </message>
    <message>
        <source>Priority {0}: {1} alarms, {2} unacknowledged</source>
        <translation>优先级 {0}：{1} 条报警，{2} 条未确认</translation>
    </message>
    <message>
        <source>Shelved {0}</source>
        <translation>搁置 {0}</translation>
    </message>
    <message>
        <source>Out of service {0}</source>
        <translation>停用 {0}</translation>
    </message>
</context>
<context>
    <name>AlarmKind</name>
    <message>
        <source>Very high</source>
        <translation>高高</translation>
    </message>
    <message>
        <source>High</source>
        <translation>高</translation>
    </message>
    <message>
        <source>Low</source>
        <translation>低</translation>
    </message>
    <message>
        <source>Very low</source>
        <translation>低低</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Bad value</source>
        <translation>坏值</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Judged by a device</source>
        <translation>设备判断</translation>
    </message>
    <message>
        <source>Deviation</source>
        <translation>偏差</translation>
    </message>
    <message>
        <source>Rate of change</source>
        <translation>变化率</translation>
    </message>
    <message>
        <source>Discrepancy</source>
        <translation>不一致</translation>
    </message>
    <message>
        <source>Frozen</source>
        <translation>冻结</translation>
    </message>
</context>
<context>
    <name>AlarmKpi</name>
    <message>
        <source>Figures of alarm management: {0}</source>
        <translation>报警管理指标：{0}</translation>
    </message>
    <message>
        <source>Annunciated in ten minutes</source>
        <translation>每 10 分钟报警数</translation>
    </message>
    <message>
        <source>Ten most frequent</source>
        <translation>最频繁的十个</translation>
    </message>
    <message>
        <source>Times to acknowledge</source>
        <translation>确认用时</translation>
    </message>
    <message>
        <source>Alarms worth looking at</source>
        <translation>值得关注的报警</translation>
    </message>
    <message>
        <source>Figure</source>
        <translation>指标</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>Band</source>
        <translation>评价</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>Definition</source>
        <translation>定义</translation>
    </message>
    <message>
        <source>Stale</source>
        <translation>陈旧报警</translation>
    </message>
    <message>
        <source>Shelved</source>
        <translation>搁置</translation>
    </message>
    <message>
        <source>{0} times, {1} in all</source>
        <translation>{0} 次，共 {1} 条</translation>
    </message>
    <message>
        <source>Chattering</source>
        <translation>抖动报警</translation>
    </message>
    <message>
        <source>{0} times</source>
        <translation>{0} 次</translation>
    </message>
    <message>
        <source>Fleeting</source>
        <translation>瞬时报警</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Priority</source>
        <translation>优先级</translation>
    </message>
    <message>
        <source>Required</source>
        <translation>需确认</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>未确认</translation>
    </message>
    <message>
        <source>Median</source>
        <translation>中位数</translation>
    </message>
    <message>
        <source>95 %</source>
        <translation>95 %</translation>
    </message>
    <message>
        <source>Configured</source>
        <translation>组态</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>占比</translation>
    </message>
    <message>
        <source>Annunciated</source>
        <translation>报警数</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Alarm</source>
        <translation>报警</translation>
    </message>
    <message>
        <source>How much</source>
        <translation>程度</translation>
    </message>
    <message>
        <source>Since, last</source>
        <translation>起始/最近</translation>
    </message>
    <message>
        <source>over {0}</source>
        <translation>超过 {0}</translation>
    </message>
    <message>
        <source>{0}, still there</source>
        <translation>{0}，仍未消除</translation>
    </message>
    <message>
        <source>before {0}</source>
        <translation>{0} 之前</translation>
    </message>
    <message>
        <source>Alarms a day</source>
        <translation>日均报警数</translation>
    </message>
    <message>
        <source>Alarms an hour</source>
        <translation>时均报警数</translation>
    </message>
    <message>
        <source>Alarms in 10 min</source>
        <translation>10 分钟均值</translation>
    </message>
    <message>
        <source>Most in 10 min</source>
        <translation>10 分钟峰值</translation>
    </message>
    <message>
        <source>Hours over 30</source>
        <translation>超 30 条的小时</translation>
    </message>
    <message>
        <source>10 min over 10</source>
        <translation>超 10 条的 10 分钟</translation>
    </message>
    <message>
        <source>Time in flood</source>
        <translation>报警泛滥时间</translation>
    </message>
    <message>
        <source>Share of top ten</source>
        <translation>前十名占比</translation>
    </message>
    <message>
        <source>Priority 1 and 2</source>
        <translation>1、2 级占比</translation>
    </message>
    <message>
        <source>Time to acknowledge</source>
        <translation>确认用时</translation>
    </message>
    <message>
        <source>Shelved overdue</source>
        <translation>搁置超期</translation>
    </message>
    <message>
        <source>annunciated ÷ days of the period</source>
        <translation>报警数 ÷ 时段天数</translation>
    </message>
    <message>
        <source>annunciated ÷ hours of the period</source>
        <translation>报警数 ÷ 时段小时数</translation>
    </message>
    <message>
        <source>annunciated ÷ ten minutes of the period</source>
        <translation>报警数 ÷ 时段内 10 分钟数</translation>
    </message>
    <message>
        <source>in any ten minutes (sliding)</source>
        <translation>任意 10 分钟内（滑动窗口）</translation>
    </message>
    <message>
        <source>share of clock hours with more than 30</source>
        <translation>多于 30 条的整点小时占比</translation>
    </message>
    <message>
        <source>share of clock 10 min with more than 10</source>
        <translation>多于 10 条的整 10 分钟占比</translation>
    </message>
    <message>
        <source>from over 10 to under 5 in 10 min</source>
        <translation>10 分钟内多于 10 条起，少于 5 条止</translation>
    </message>
    <message>
        <source>ten most frequent alarms ÷ all</source>
        <translation>最频繁的十个报警 ÷ 全部</translation>
    </message>
    <message>
        <source>alarms 3 times or more within 60 s</source>
        <translation>60 秒内出现 3 次及以上的报警</translation>
    </message>
    <message>
        <source>gone by itself within 10 s, untouched</source>
        <translation>10 秒内自行恢复且无人处理</translation>
    </message>
    <message>
        <source>in alarm over 24 h; most on any day</source>
        <translation>持续报警超过 24 小时；单日最多</translation>
    </message>
    <message>
        <source>share of all annunciated</source>
        <translation>占全部报警数</translation>
    </message>
    <message>
        <source>median, 95 %; from annunciation</source>
        <translation>中位数、95 %；自报警起</translation>
    </message>
    <message>
        <source>beyond its time, or over 2 in 24 h</source>
        <translation>超出搁置时限，或 24 小时内超过 2 次</translation>
    </message>
    <message>
        <source>Every alarm that was annunciated and not suppressed; one that annunciates anew after it was shelved counts again, returns and acknowledgements do not. ISA-18.2 of 2016 has no target a day any more: for information.</source>
        <translation>统计所有已发出且未被抑制的报警；搁置结束后重新发出的再次计数，恢复与确认不计。ISA-18.2（2016 版）已取消每日目标，仅供参考。</translation>
    </message>
    <message>
        <source>All annunciated alarms of the period divided by its hours.</source>
        <translation>时段内全部报警数除以小时数。</translation>
    </message>
    <message>
        <source>All annunciated alarms of the period divided by its windows.</source>
        <translation>时段内全部报警数除以 10 分钟窗口数。</translation>
    </message>
    <message>
        <source>The most alarms in any window of ten minutes, wherever it begins; the end is not part of it.</source>
        <translation>任意起点的 10 分钟窗口内的最多报警数，不含窗口终点。</translation>
    </message>
    <message>
        <source>Hours of the plant&apos;s clock with more than 30 annunciated alarms, of all that the period touches.</source>
        <translation>按厂内时钟的整点小时，报警多于 30 条的小时占时段所涉全部小时的比例。</translation>
    </message>
    <message>
        <source>Windows of ten minutes on the plant&apos;s clock with more than 10 annunciated alarms, of all.</source>
        <translation>按厂内时钟的整 10 分钟窗口，报警多于 10 条的窗口占全部窗口的比例。</translation>
    </message>
    <message>
        <source>A flood begins with the first ten minutes of the clock of more than 10 alarms, and ends before the first after it of fewer than 5. Share of the period.</source>
        <translation>自首个报警多于 10 条的整 10 分钟窗口起为泛滥，至其后首个少于 5 条的窗口之前止。所占时段比例。</translation>
    </message>
    <message>
        <source>What the ten most frequent alarms brought, of all annunciated alarms.</source>
        <translation>最频繁的十个报警所产生的条数占全部报警数的比例。</translation>
    </message>
    <message>
        <source>Alarms that were annunciated three times or more within 60 s, at least once in the period.</source>
        <translation>时段内至少有一次在 60 秒内发出三次及以上的报警。</translation>
    </message>
    <message>
        <source>Alarms that returned in less than 10 s without any action of an operator, and did not chatter.</source>
        <translation>不足 10 秒即恢复、操作员未作任何处理且不属于抖动的报警。</translation>
    </message>
    <message>
        <source>Alarms that stood in the list as active for more than 24 h without a break, acknowledged or not, not suppressed; the most on any day of the plant. The journal is read from 7 days before the period on.</source>
        <translation>在报警列表中连续处于报警状态超过 24 小时（无论是否确认，未被抑制）的报警；取单日最多值。日志自时段前 7 天起读取。</translation>
    </message>
    <message>
        <source>Annunciated alarms of priority 1 and 2, of all. The aim is 80 % of priority 4, 15 % of 3, 5 % of 2 and less than 1 % of 1, as configured and as annunciated.</source>
        <translation>1、2 级报警占全部报警数的比例。组态与实际的目标均为：4 级 80 %、3 级 15 %、2 级 5 %、1 级低于 1 %。</translation>
    </message>
    <message>
        <source>Median of the times from when the engine knew the alarm to its acknowledgement, of those acknowledged in the period. 95 % of them were not slower than the second figure.</source>
        <translation>时段内已确认的报警，从引擎得知报警到确认的用时中位数；95 % 的报警不慢于第二个数值。</translation>
    </message>
    <message>
        <source>Alarms that stayed shelved for a minute longer than they were to be, or were shelved for the third time within 24 h.</source>
        <translation>搁置超出应结束时间一分钟以上，或 24 小时内第三次被搁置的报警。</translation>
    </message>
    <message>
        <source>acceptable</source>
        <translation>可接受</translation>
    </message>
    <message>
        <source>manageable</source>
        <translation>可管理</translation>
    </message>
    <message>
        <source>beyond</source>
        <translation>超标</translation>
    </message>
    <message>
        <source>shelved beyond its time</source>
        <translation>搁置超时</translation>
    </message>
    <message>
        <source>shelved {0} times in 24 h</source>
        <translation>24 小时内搁置 {0} 次</translation>
    </message>
    <message>
        <source>whole plant</source>
        <translation>全厂</translation>
    </message>
    <message>
        <source>{0} to {1}, {2}: {3} annunciated of {4} alarms</source>
        <translation>{0} 至 {1}，{2}：{4} 个报警共发出 {3} 条</translation>
    </message>
    <message>
        <source> · under 30 days: tells what happened, not how good the alarms are</source>
        <translation> · 不足 30 天：仅反映发生情况，不足以评价报警质量</translation>
    </message>
    <message>
        <source>Figures</source>
        <translation>指标</translation>
    </message>
    <message>
        <source>Ten minutes</source>
        <translation>10 分钟</translation>
    </message>
    <message>
        <source>Days</source>
        <translation>日</translation>
    </message>
    <message>
        <source>Floods</source>
        <translation>泛滥</translation>
    </message>
    <message>
        <source>From</source>
        <translation>起</translation>
    </message>
    <message>
        <source>To</source>
        <translation>止</translation>
    </message>
    <message>
        <source>Top ten</source>
        <translation>前十名</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Priorities</source>
        <translation>优先级</translation>
    </message>
    <message>
        <source>Acknowledged</source>
        <translation>确认</translation>
    </message>
    <message>
        <source>Median (s)</source>
        <translation>中位数（秒）</translation>
    </message>
    <message>
        <source>95 % within (s)</source>
        <translation>95 % 用时（秒）</translation>
    </message>
    <message>
        <source>Bad actors</source>
        <translation>问题报警</translation>
    </message>
    <message>
        <source>Explanation</source>
        <translation>说明</translation>
    </message>
</context>
<context>
    <name>AlarmKpiView</name>
    <message>
        <source>Refresh</source>
        <translation>刷新</translation>
    </message>
    <message>
        <source>Export PDF…</source>
        <translation>导出 PDF…</translation>
    </message>
    <message>
        <source>Export XLSX…</source>
        <translation>导出 XLSX…</translation>
    </message>
    <message>
        <source>No such period: type two times, the earlier first</source>
        <translation>时段无效：请输入两个时间，先早后晚</translation>
    </message>
    <message>
        <source>Computing…</source>
        <translation>计算中…</translation>
    </message>
    <message>
        <source>Whole plant</source>
        <translation>全厂</translation>
    </message>
    <message>
        <source>Operating position</source>
        <translation>操作岗位</translation>
    </message>
    <message>
        <source>Operating position: the areas that plant.toml gives it</source>
        <translation>操作岗位：plant.toml 中为其指定的区域</translation>
    </message>
    <message>
        <source>annunciated, and share of all annunciated</source>
        <translation>报警数及占全部报警数的比例</translation>
    </message>
    <message>
        <source>Top ten</source>
        <translation>前十名</translation>
    </message>
    <message>
        <source>hatched: configured · full: annunciated · line: the aim (80, 15, 5, under 1 %)</source>
        <translation>斜线：组态 · 实心：实际 · 横线：目标（80、15、5、低于 1 %）</translation>
    </message>
    <message>
        <source>Priorities</source>
        <translation>优先级</translation>
    </message>
    <message>
        <source>Acknowledged</source>
        <translation>确认</translation>
    </message>
    <message>
        <source>Bad actors</source>
        <translation>问题报警</translation>
    </message>
    <message>
        <source>Annunciated in ten minutes</source>
        <translation>每 10 分钟报警数</translation>
    </message>
    <message>
        <source>hatched: flood · dashes: over 10 begins it, under 5 ends it</source>
        <translation>斜线：泛滥 · 虚线：多于 10 起、少于 5 止</translation>
    </message>
</context>
<context>
    <name>AlarmLine</name>
    <message>
        <source>limit {0}</source>
        <translation>限值 {0}</translation>
    </message>
</context>
<context>
    <name>AlarmListPage</name>
    <message>
        <source>Alarms</source>
        <translation>报警</translation>
    </message>
    <message>
        <source>Display</source>
        <translation>画面</translation>
    </message>
    <message>
        <source>Faceplate</source>
        <translation>操作面板</translation>
    </message>
    <message>
        <source>Trend</source>
        <translation>趋势</translation>
    </message>
</context>
<context>
    <name>AlarmModel</name>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Tag</source>
        <translation>位号</translation>
    </message>
    <message>
        <source>Alarm</source>
        <translation>报警</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>Limit</source>
        <translation>限值</translation>
    </message>
    <message>
        <source>Area</source>
        <translation>区域</translation>
    </message>
    <message>
        <source>Acknowledged by</source>
        <translation>确认人</translation>
    </message>
    <message>
        <source>Time left</source>
        <translation>剩余时间</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>First out: {0}</source>
        <translation>首出：{0}</translation>
    </message>
    <message>
        <source>{0} {1}, {2} unack.</source>
        <translation>{0} {1}，{2} 未确认</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>其他</translation>
    </message>
    <message>
        <source>until it returns</source>
        <translation>直至恢复</translation>
    </message>
    <message>
        <source>{0} or until it returns</source>
        <translation>{0} 或直至恢复</translation>
    </message>
    <message>
        <source>Not known: no link to the engine</source>
        <translation>未知：与引擎没有连接</translation>
    </message>
    <message>
        <source>No alarm fits the filters</source>
        <translation>没有符合筛选条件的报警</translation>
    </message>
    <message>
        <source>No active alarms</source>
        <translation>没有活动报警</translation>
    </message>
    <message>
        <source>No alarm is in this list</source>
        <translation>此列表中没有报警</translation>
    </message>
</context>
<context>
    <name>AlarmState</name>
    <message>
        <source>Shelved</source>
        <translation>已搁置</translation>
    </message>
    <message>
        <source>Out of service</source>
        <translation>停用</translation>
    </message>
    <message>
        <source>Suppressed by design</source>
        <translation>逻辑抑制</translation>
    </message>
    <message>
        <source>Connection lost</source>
        <translation>通信中断</translation>
    </message>
    <message>
        <source>Unacknowledged</source>
        <translation>未确认</translation>
    </message>
    <message>
        <source>Acknowledged</source>
        <translation>已确认</translation>
    </message>
    <message>
        <source>Returned, unacknowledged</source>
        <translation>已恢复，未确认</translation>
    </message>
    <message>
        <source>Latched, unacknowledged</source>
        <translation>锁存未确认</translation>
    </message>
    <message>
        <source>Latched, to be reset</source>
        <translation>锁存待复位</translation>
    </message>
    <message>
        <source>Normal</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>Acknowledged, to be confirmed</source>
        <translation>已确认，待核实</translation>
    </message>
    <message>
        <source>Returned</source>
        <translation>已恢复</translation>
    </message>
    <message>
        <source>Returned, to be confirmed</source>
        <translation>已恢复，待核实</translation>
    </message>
    <message>
        <source>Not known now (last: {0})</source>
        <translation>当前未知（上次：{0}）</translation>
    </message>
</context>
<context>
    <name>AnalysisWindow</name>
    <message>
        <source>Not read: {0}</source>
        <translation>未能读取：{0}</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>正在读取…</translation>
    </message>
    <message>
        <source>No good values in this time</source>
        <translation>该时段内没有好值</translation>
    </message>
</context>
<context>
    <name>AreaCard</name>
    <message>
        <source>No alarms</source>
        <translation>无报警</translation>
    </message>
</context>
<context>
    <name>AreaTree</name>
    <message>
        <source>Area</source>
        <translation>区域</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Unack.</source>
        <translation>未确认</translation>
    </message>
    <message>
        <source>Areas</source>
        <translation>区域</translation>
    </message>
    <message>
        <source>All areas</source>
        <translation>所有区域</translation>
    </message>
</context>
<context>
    <name>AskDialog</name>
    <message>
        <source>Mandatory</source>
        <translation>必填</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>and {0} more</source>
        <translation>另有 {0} 条</translation>
    </message>
</context>
<context>
    <name>ChangeNotice</name>
    <message>
        <source>Open it anew</source>
        <translation>重新打开</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>稍后</translation>
    </message>
    <message>
        <source>ⓘ The configuration was changed ({0} changes). This window still shows the old one.</source>
        <translation>ⓘ 组态已更改（{0} 处）。本窗口仍显示旧组态。</translation>
    </message>
    <message>
        <source>✗ The new configuration cannot be opened: {0}</source>
        <translation>✗ 无法打开新组态：{0}</translation>
    </message>
</context>
<context>
    <name>CommandNotice</name>
    <message>
        <source>Execute</source>
        <translation>执行</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>CommandPanel</name>
    <message>
        <source>Outcome unknown</source>
        <translation>结果未知</translation>
    </message>
    <message>
        <source>The link broke: read before acting again</source>
        <translation>连接中断：再次操作前请先核对</translation>
    </message>
    <message>
        <source>There is no communication with the PLC</source>
        <translation>与 PLC 无通信</translation>
    </message>
    <message>
        <source>Not selected</source>
        <translation>未选择</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is not a number</source>
        <translation>“{0}”不是数字</translation>
    </message>
    <message>
        <source>Checking…</source>
        <translation>正在检查…</translation>
    </message>
    <message>
        <source>Selection expired</source>
        <translation>选择已过期</translation>
    </message>
    <message>
        <source>Select again to go on</source>
        <translation>请重新选择</translation>
    </message>
    <message>
        <source>{0}: selected, {1} s left</source>
        <translation>{0}：已选择，剩余 {1} 秒</translation>
    </message>
    <message>
        <source>Sent; waiting at most {0} s for the feedback…</source>
        <translation>已下发，等待反馈，最长 {0} 秒…</translation>
    </message>
    <message>
        <source>done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>rejected by the device</source>
        <translation>设备拒绝</translation>
    </message>
    <message>
        <source>outcome unknown</source>
        <translation>结果未知</translation>
    </message>
    <message>
        <source>feedback did not follow</source>
        <translation>反馈未跟随</translation>
    </message>
    <message>
        <source>not permitted</source>
        <translation>不允许</translation>
    </message>
    <message>
        <source>{0}: not permitted</source>
        <translation>{0}：不允许</translation>
    </message>
    <message>
        <source>{0}: outcome unknown</source>
        <translation>{0}：结果未知</translation>
    </message>
    <message>
        <source>{0}: failed</source>
        <translation>{0}：失败</translation>
    </message>
</context>
<context>
    <name>ConflictDialog</name>
    <message>
        <source>Save the group</source>
        <translation>保存趋势组</translation>
    </message>
    <message>
        <source>The group &apos;{0}&apos; was saved by somebody else since you opened it.</source>
        <translation>趋势组“{0}”在您打开之后已被他人保存。</translation>
    </message>
    <message>
        <source>Save under another name…</source>
        <translation>另存为…</translation>
    </message>
    <message>
        <source>Replace theirs</source>
        <translation>覆盖他人的</translation>
    </message>
    <message>
        <source>Show theirs</source>
        <translation>显示他人的</translation>
    </message>
    <message>
        <source>What you changed is given up</source>
        <translation>您的更改将被放弃</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>What is there now cannot be read.</source>
        <translation>现有内容无法读取。</translation>
    </message>
    <message>
        <source>Only in theirs: {0}</source>
        <translation>仅他人的趋势组有：{0}</translation>
    </message>
    <message>
        <source>Only in yours: {0}</source>
        <translation>仅您的趋势组有：{0}</translation>
    </message>
    <message>
        <source>Both have the same tags; the period, scales or lines differ.</source>
        <translation>位号相同，但时长、量程或线型不同。</translation>
    </message>
</context>
<context>
    <name>ConnectionList</name>
    <message>
        <source>served by {0}</source>
        <translation>当前由 {0} 提供服务</translation>
    </message>
    <message>
        <source>its clock is {0} s behind ours</source>
        <translation>设备时钟比本机慢 {0} 秒</translation>
    </message>
    <message>
        <source>its clock is {0} s ahead of ours</source>
        <translation>设备时钟比本机快 {0} 秒</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Protocol</source>
        <translation>协议</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>开始于</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>位号</translation>
    </message>
    <message>
        <source>Bad</source>
        <translation>坏值</translation>
    </message>
    <message>
        <source>Updates/s</source>
        <translation>更新/秒</translation>
    </message>
    <message>
        <source>Lag</source>
        <translation>滞后</translation>
    </message>
    <message>
        <source>Round trip</source>
        <translation>往返时间</translation>
    </message>
    <message>
        <source>Period (wanted)</source>
        <translation>实际周期（要求）</translation>
    </message>
    <message>
        <source>Reconnections</source>
        <translation>重连次数</translation>
    </message>
    <message>
        <source>Dropped</source>
        <translation>丢弃</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Poll every %1: achieved %2; %3 tags in %4 requests</source>
        <translation>每 %1 轮询：实际 %2；%3 个位号，%4 次请求</translation>
    </message>
</context>
<context>
    <name>ConnectionState</name>
    <message>
        <source>○ stopped</source>
        <translation>○ 已停止</translation>
    </message>
    <message>
        <source>◌ connecting</source>
        <translation>◌ 连接中</translation>
    </message>
    <message>
        <source>● connected</source>
        <translation>● 已连接</translation>
    </message>
    <message>
        <source>◐ degraded</source>
        <translation>◐ 降级</translation>
    </message>
    <message>
        <source>≈ SIMULATED</source>
        <translation>≈ 仿真</translation>
    </message>
    <message>
        <source>✗ lost</source>
        <translation>✗ 中断</translation>
    </message>
</context>
<context>
    <name>DetailPanel</name>
    <message>
        <source>Active alarms</source>
        <translation>当前报警</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>通信连接</translation>
    </message>
    <message>
        <source>No active alarms</source>
        <translation>无报警</translation>
    </message>
    <message>
        <source>Not known: no link to the engine</source>
        <translation>未知：与引擎无连接</translation>
    </message>
    <message>
        <source>{0} more in the alarm list</source>
        <translation>报警列表中还有 {0} 条</translation>
    </message>
</context>
<context>
    <name>DisplayPage</name>
    <message>
        <source>There is no display &apos;{0}&apos;</source>
        <translation>没有画面“{0}”</translation>
    </message>
</context>
<context>
    <name>EngineBridge</name>
    <message>
        <source>There is no link to the engine</source>
        <translation>与引擎无连接</translation>
    </message>
</context>
<context>
    <name>Faceplate</name>
    <message>
        <source>Close (Esc)</source>
        <translation>关闭（Esc）</translation>
    </message>
    <message>
        <source>Close faceplate</source>
        <translation>关闭操作面板</translation>
    </message>
    <message>
        <source>{0} (last known)</source>
        <translation>{0}（末值）</translation>
    </message>
    <message>
        <source>local/remote not known</source>
        <translation>就地/远程未知</translation>
    </message>
    <message>
        <source>remote</source>
        <translation>远程</translation>
    </message>
    <message>
        <source>local</source>
        <translation>就地</translation>
    </message>
    <message>
        <source>Guidance: {0}</source>
        <translation>处置指导：{0}</translation>
    </message>
    <message>
        <source>No guidance is configured</source>
        <translation>未配置处置指导</translation>
    </message>
    <message>
        <source>Respond within {0} · {1} left</source>
        <translation>应在 {0}内处置 · 剩余 {1}</translation>
    </message>
    <message>
        <source>Respond within {0} · overdue by {1}</source>
        <translation>应在 {0}内处置 · 已超时 {1}</translation>
    </message>
</context>
<context>
    <name>FigureCard</name>
    <message>
        <source>Acceptable, manageable: {0}</source>
        <translation>可接受、可管理：{0}</translation>
    </message>
    <message>
        <source>Press it for the rows of the journal behind it.</source>
        <translation>点击查看对应的日志记录。</translation>
    </message>
</context>
<context>
    <name>FilterBar</name>
    <message>
        <source>Filter by tag or text, * as wildcard</source>
        <translation>按位号或文字筛选，* 为通配符</translation>
    </message>
    <message>
        <source>All priorities</source>
        <translation>所有优先级</translation>
    </message>
    <message>
        <source>Priority {0}</source>
        <translation>优先级 {0}</translation>
    </message>
    <message>
        <source>Priority 1 and 2</source>
        <translation>优先级 1 和 2</translation>
    </message>
    <message>
        <source>Priority</source>
        <translation>优先级</translation>
    </message>
    <message>
        <source>Unacknowledged only</source>
        <translation>仅未确认</translation>
    </message>
    <message>
        <source>Grouped</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>A heading for each equipment, with counts (G)</source>
        <translation>按设备分组并显示数量（G）</translation>
    </message>
    <message>
        <source>Clear filters</source>
        <translation>清除筛选</translation>
    </message>
</context>
<context>
    <name>FindBox</name>
    <message>
        <source>Find tag, equipment, display…   Ctrl+K</source>
        <translation>查找位号、设备、画面…   Ctrl+K</translation>
    </message>
    <message>
        <source>Display</source>
        <translation>画面</translation>
    </message>
    <message>
        <source>Equipment</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Tag</source>
        <translation>位号</translation>
    </message>
</context>
<context>
    <name>FindingTable</name>
    <message>
        <source>Alarms worth looking at</source>
        <translation>值得关注的报警</translation>
    </message>
</context>
<context>
    <name>FloodBar</name>
    <message>
        <source>Alarm flood since {0}: {1} alarms in the last 10 minutes. Look at priority 1 first.</source>
        <translation>报警泛滥，自 {0} 起：最近 10 分钟内 {1} 条报警。请先处理优先级 1。</translation>
    </message>
    <message>
        <source>Show single lines</source>
        <translation>逐条显示</translation>
    </message>
    <message>
        <source>Group by equipment</source>
        <translation>按设备分组</translation>
    </message>
</context>
<context>
    <name>GivenFilter</name>
    <message>
        <source>Show all rows</source>
        <translation>显示全部记录</translation>
    </message>
    <message>
        <source>Rows from {0} to {1}</source>
        <translation>{0} 至 {1} 的记录</translation>
    </message>
    <message>
        <source>priority {0}</source>
        <translation>优先级 {0}</translation>
    </message>
    <message>
        <source>{0} alarms</source>
        <translation>{0} 个报警</translation>
    </message>
    <message>
        <source>{0} kinds of event</source>
        <translation>{0} 种事件</translation>
    </message>
</context>
<context>
    <name>GroupBook</name>
    <message>
        <source>Saved</source>
        <translation>已保存</translation>
    </message>
    <message>
        <source>Saved for this desk</source>
        <translation>已为本操作站保存</translation>
    </message>
</context>
<context>
    <name>GroupBox</name>
    <message>
        <source>Trend group</source>
        <translation>趋势组</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>保存…</translation>
    </message>
    <message>
        <source>Trend group…</source>
        <translation>趋势组…</translation>
    </message>
    <message>
        <source>{0} (this desk)</source>
        <translation>{0}（本操作站）</translation>
    </message>
    <message>
        <source>changed, not saved</source>
        <translation>已更改，未保存</translation>
    </message>
    <message>
        <source>Save into the project, for all desks</source>
        <translation>保存到项目，供所有操作站使用</translation>
    </message>
    <message>
        <source>Save for this desk; an engineer saves for all</source>
        <translation>仅为本操作站保存；工程师可为所有操作站保存</translation>
    </message>
    <message>
        <source>Save the group</source>
        <translation>保存趋势组</translation>
    </message>
    <message>
        <source>Name:</source>
        <translation>名称：</translation>
    </message>
</context>
<context>
    <name>GuidancePanel</name>
    <message>
        <source>Display</source>
        <translation>画面</translation>
    </message>
    <message>
        <source>Trend</source>
        <translation>趋势</translation>
    </message>
    <message>
        <source>Faceplate</source>
        <translation>操作面板</translation>
    </message>
    <message>
        <source>Key: {0}</source>
        <translation>按键：{0}</translation>
    </message>
    <message>
        <source>Choose a line to see what it means and what to do.</source>
        <translation>选择一条报警，查看其含义与处置方法。</translation>
    </message>
    <message>
        <source>Cause: {0}</source>
        <translation>原因：{0}</translation>
    </message>
    <message>
        <source>If nothing is done: {0}</source>
        <translation>不处置的后果：{0}</translation>
    </message>
    <message>
        <source>Do: {0}</source>
        <translation>处置：{0}</translation>
    </message>
    <message>
        <source>To be sure: {0}</source>
        <translation>核实：{0}</translation>
    </message>
    <message>
        <source>No guidance was written for this alarm.</source>
        <translation>该报警没有编写处置指导。</translation>
    </message>
    <message>
        <source>{0} left to respond</source>
        <translation>剩余响应时间 {0}</translation>
    </message>
    <message>
        <source>time to respond is over since {0}</source>
        <translation>已超出响应时间 {0}</translation>
    </message>
</context>
<context>
    <name>Header</name>
    <message>
        <source>Back (Alt+Left)</source>
        <translation>后退（Alt+Left）</translation>
    </message>
    <message>
        <source>Forward (Alt+Right)</source>
        <translation>前进（Alt+Right）</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>viewer</source>
        <translation>浏览</translation>
    </message>
    <message>
        <source>operator</source>
        <translation>操作员</translation>
    </message>
    <message>
        <source>supervisor</source>
        <translation>值长</translation>
    </message>
    <message>
        <source>engineer</source>
        <translation>工程师</translation>
    </message>
    <message>
        <source>Log out</source>
        <translation>注销</translation>
    </message>
    <message>
        <source>Log in</source>
        <translation>登录</translation>
    </message>
    <message>
        <source>◌ Engine starting…</source>
        <translation>◌ 引擎启动中…</translation>
    </message>
    <message>
        <source>✗ Engine lost, reconnecting…</source>
        <translation>✗ 引擎中断，重连中…</translation>
    </message>
    <message>
        <source>{0} of {1} PLCs</source>
        <translation>PLC {0}/{1}</translation>
    </message>
    <message>
        <source>○ no PLC</source>
        <translation>○ 无真实PLC</translation>
    </message>
    <message>
        <source>engine restarted {0}×</source>
        <translation>引擎已重启 {0} 次</translation>
    </message>
    <message>
        <source>≈ SIMULATED: {0}</source>
        <translation>≈ 仿真连接：{0}</translation>
    </message>
    <message>
        <source>≈ SIMULATED</source>
        <translation>≈ 仿真</translation>
    </message>
    <message>
        <source>S substituted: {0}</source>
        <translation>S 人工置数：{0}</translation>
    </message>
    <message>
        <source>S {0}</source>
        <translation>S {0}</translation>
    </message>
    <message>
        <source>Values of these are made up: {0}</source>
        <translation>以下连接的数值为模拟产生：{0}</translation>
    </message>
</context>
<context>
    <name>JournalExport</name>
    <message>
        <source>{0} rows written to {1}</source>
        <translation>已将 {0} 行写入 {1}</translation>
    </message>
    <message>
        <source>Cancelled; no file was written</source>
        <translation>已取消，未写入文件</translation>
    </message>
</context>
<context>
    <name>JournalFilters</name>
    <message>
        <source>Text, * as wildcard</source>
        <translation>文字，* 为通配符</translation>
    </message>
    <message>
        <source>Tag, * as wildcard</source>
        <translation>位号，* 为通配符</translation>
    </message>
    <message>
        <source>from: 2026-01-31 14:00</source>
        <translation>自：2026-01-31 14:00</translation>
    </message>
    <message>
        <source>to: empty is now</source>
        <translation>至：空为现在</translation>
    </message>
    <message>
        <source>More filters</source>
        <translation>更多筛选</translation>
    </message>
    <message>
        <source>User</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>No time: {0}</source>
        <translation>不是时间：{0}</translation>
    </message>
    <message>
        <source>Last hour</source>
        <translation>最近 1 小时</translation>
    </message>
    <message>
        <source>Last 8 hours</source>
        <translation>最近 8 小时</translation>
    </message>
    <message>
        <source>Last 24 hours</source>
        <translation>最近 24 小时</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>最近 7 天</translation>
    </message>
    <message>
        <source>Last 31 days</source>
        <translation>最近 31 天</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>From … to …</source>
        <translation>自 … 至 …</translation>
    </message>
    <message>
        <source>All kinds</source>
        <translation>所有种类</translation>
    </message>
    <message>
        <source>All areas</source>
        <translation>所有区域</translation>
    </message>
    <message>
        <source>All priorities</source>
        <translation>所有优先级</translation>
    </message>
    <message>
        <source>Priority {0}</source>
        <translation>优先级 {0}</translation>
    </message>
    <message>
        <source>All types of alarm</source>
        <translation>所有报警类型</translation>
    </message>
    <message>
        <source>All states</source>
        <translation>所有状态</translation>
    </message>
</context>
<context>
    <name>JournalFoot</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Writing: {0} rows</source>
        <translation>正在写入：{0} 行</translation>
    </message>
    <message>
        <source>{0} rows, more below</source>
        <translation>{0} 行，下方还有</translation>
    </message>
    <message>
        <source>{0} rows</source>
        <translation>{0} 行</translation>
    </message>
    <message>
        <source>{0} of {1} rows</source>
        <translation>{0} / {1} 行</translation>
    </message>
    <message>
        <source>{0} of about {1} rows</source>
        <translation>{0} / 约 {1} 行</translation>
    </message>
    <message>
        <source>searched back to {0}; scroll down to go on</source>
        <translation>已查至 {0}，向下滚动继续</translation>
    </message>
</context>
<context>
    <name>JournalModel</name>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Event</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>Prio.</source>
        <translation>级别</translation>
    </message>
    <message>
        <source>Object</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>之前</translation>
    </message>
    <message>
        <source>After</source>
        <translation>之后</translation>
    </message>
    <message>
        <source>User · desk</source>
        <translation>用户 · 操作台</translation>
    </message>
    <message>
        <source>Comment</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Source {0}
Received {1}
Journalled {2}</source>
        <translation>源 {0}
接收 {1}
记录 {2}</translation>
    </message>
    <message>
        <source>Alarm</source>
        <translation>报警</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>Access</source>
        <translation>访问</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>System</source>
        <translation>系统</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Substitution</source>
        <translation>人工置数</translation>
    </message>
    <message>
        <source>Sensor</source>
        <translation>传感器</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation>连接中</translation>
    </message>
    <message>
        <source>Connected</source>
        <translation>已连接</translation>
    </message>
    <message>
        <source>Degraded</source>
        <translation>降级</translation>
    </message>
    <message>
        <source>Lost</source>
        <translation>中断</translation>
    </message>
    <message>
        <source>SIMULATED</source>
        <translation>仿真</translation>
    </message>
    <message>
        <source>Success</source>
        <translation>成功</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>设备拒绝</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>结果未知</translation>
    </message>
    <message>
        <source>Discrepancy</source>
        <translation>反馈不符</translation>
    </message>
    <message>
        <source>Returned</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Acknowledged</source>
        <translation>已确认</translation>
    </message>
    <message>
        <source>Suppressed</source>
        <translation>抑制</translation>
    </message>
    <message>
        <source>Unsuppressed</source>
        <translation>解除抑制</translation>
    </message>
    <message>
        <source>Confirmed</source>
        <translation>已核实</translation>
    </message>
    <message>
        <source>Changed</source>
        <translation>变更</translation>
    </message>
    <message>
        <source>Annunciated anew</source>
        <translation>再次报警</translation>
    </message>
    <message>
        <source>Escalated</source>
        <translation>已升级</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>复位</translation>
    </message>
    <message>
        <source>Shelved</source>
        <translation>搁置</translation>
    </message>
    <message>
        <source>Unshelved</source>
        <translation>解除搁置</translation>
    </message>
    <message>
        <source>Removed from service</source>
        <translation>停用</translation>
    </message>
    <message>
        <source>Returned to service</source>
        <translation>恢复投用</translation>
    </message>
    <message>
        <source>Select</source>
        <translation>选择</translation>
    </message>
    <message>
        <source>Execute</source>
        <translation>执行</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Started</source>
        <translation>已启动</translation>
    </message>
    <message>
        <source>Configuration changed</source>
        <translation>组态已更改</translation>
    </message>
    <message>
        <source>Removed by age</source>
        <translation>超期删除</translation>
    </message>
    <message>
        <source>Added</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Removed</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Found frozen</source>
        <translation>数值冻结</translation>
    </message>
    <message>
        <source>No longer frozen</source>
        <translation>冻结解除</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>拒绝</translation>
    </message>
    <message>
        <source>Substituted</source>
        <translation>置数生效</translation>
    </message>
    <message>
        <source>Substitute ended</source>
        <translation>置数解除</translation>
    </message>
    <message>
        <source>Substitute ended by itself</source>
        <translation>置数到期</translation>
    </message>
    <message>
        <source>Log in</source>
        <translation>登录</translation>
    </message>
    <message>
        <source>Log out</source>
        <translation>注销</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Login failed</source>
        <translation>登录失败</translation>
    </message>
</context>
<context>
    <name>JournalRow</name>
    <message>
        <source>Engine</source>
        <translation>引擎</translation>
    </message>
    <message>
        <source>version {0}, process {1}</source>
        <translation>版本 {0}，进程 {1}</translation>
    </message>
    <message>
        <source>would have ended {0}: {1}</source>
        <translation>原定 {0} 到期：{1}</translation>
    </message>
    <message>
        <source>until {0}: {1}</source>
        <translation>有效至 {0}：{1}</translation>
    </message>
    <message>
        <source>another login at this desk</source>
        <translation>本席位另行登录</translation>
    </message>
    <message>
        <source>the console was closed or its link lost</source>
        <translation>操作台已关闭或链路中断</translation>
    </message>
    <message>
        <source>the session is over</source>
        <translation>登录会话已到期</translation>
    </message>
    <message>
        <source>the account was changed</source>
        <translation>账号已被修改</translation>
    </message>
    <message>
        <source>unknown command</source>
        <translation>未知命令</translation>
    </message>
    <message>
        <source>not logged in</source>
        <translation>未登录</translation>
    </message>
    <message>
        <source>no permission</source>
        <translation>权限不足</translation>
    </message>
    <message>
        <source>local control</source>
        <translation>就地控制</translation>
    </message>
    <message>
        <source>connection lost</source>
        <translation>连接中断</translation>
    </message>
    <message>
        <source>bad quality</source>
        <translation>数据质量不良</translation>
    </message>
    <message>
        <source>interlock</source>
        <translation>联锁</translation>
    </message>
    <message>
        <source>out of range</source>
        <translation>超范围</translation>
    </message>
    <message>
        <source>step too large</source>
        <translation>步长过大</translation>
    </message>
    <message>
        <source>not selected</source>
        <translation>未选择</translation>
    </message>
    <message>
        <source>selection expired</source>
        <translation>选择已失效</translation>
    </message>
    <message>
        <source>changed since select</source>
        <translation>选择后已变化</translation>
    </message>
    <message>
        <source>in progress</source>
        <translation>执行中</translation>
    </message>
    <message>
        <source>no audit</source>
        <translation>无法审计</translation>
    </message>
    <message>
        <source>request too old</source>
        <translation>请求过时</translation>
    </message>
</context>
<context>
    <name>JournalView</name>
    <message>
        <source>Refresh</source>
        <translation>刷新</translation>
    </message>
    <message>
        <source>Trend of the selection</source>
        <translation>所选趋势</translation>
    </message>
    <message>
        <source>A trend of the tags of the selected rows at that time, with the alarms (T)</source>
        <translation>所选行的位号在当时的趋势，并标出报警（T）</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>正在读取…</translation>
    </message>
    <message>
        <source>Journal</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Export the journal</source>
        <translation>导出日志</translation>
    </message>
</context>
<context>
    <name>KpiExporter</name>
    <message>
        <source>Export the figures</source>
        <translation>导出指标</translation>
    </message>
    <message>
        <source>Written: {0}</source>
        <translation>已写入：{0}</translation>
    </message>
    <message>
        <source>Not written: {0}</source>
        <translation>未写入：{0}</translation>
    </message>
    <message>
        <source>given up</source>
        <translation>已放弃</translation>
    </message>
</context>
<context>
    <name>ListBar</name>
    <message>
        <source>Kept silent by the logic of the project, or because their connection is lost</source>
        <translation>由工程逻辑抑制，或因连接中断而抑制</translation>
    </message>
    <message>
        <source>Active {0}</source>
        <translation>活动 {0}</translation>
    </message>
    <message>
        <source>Shelved {0}</source>
        <translation>搁置 {0}</translation>
    </message>
    <message>
        <source>Out of service {0}</source>
        <translation>停用 {0}</translation>
    </message>
    <message>
        <source>Suppressed {0}</source>
        <translation>抑制 {0}</translation>
    </message>
    <message>
        <source>{0} alarms, {1} unacknowledged</source>
        <translation>{0} 条报警，{1} 条未确认</translation>
    </message>
    <message>
        <source>Not known: no link to the engine</source>
        <translation>未知：与引擎没有连接</translation>
    </message>
</context>
<context>
    <name>LoginDialog</name>
    <message>
        <source>Log in</source>
        <translation>登录</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>User</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>Desk</source>
        <translation>操作台</translation>
    </message>
    <message>
        <source>Enter user and password</source>
        <translation>请输入用户名和密码</translation>
    </message>
    <message>
        <source>Checking…</source>
        <translation>正在检查…</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>You were logged out: {0}</source>
        <translation>您已被注销：{0}</translation>
    </message>
</context>
<context>
    <name>MarkerText</name>
    <message>
        <source>Alarm</source>
        <translation>报警</translation>
    </message>
    <message>
        <source>Alarm returned</source>
        <translation>报警恢复</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
</context>
<context>
    <name>MimicView</name>
    <message>
        <source>Trend of {0}</source>
        <translation>{0} 的趋势</translation>
    </message>
    <message>
        <source>Open {0}</source>
        <translation>打开 {0}</translation>
    </message>
</context>
<context>
    <name>NavigationRail</name>
    <message>
        <source>Overview</source>
        <translation>总览</translation>
    </message>
    <message>
        <source>Areas</source>
        <translation>区域</translation>
    </message>
    <message>
        <source>Trends</source>
        <translation>趋势</translation>
    </message>
    <message>
        <source>Alarms</source>
        <translation>报警</translation>
    </message>
    <message>
        <source>Journal</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Alarm KPIs</source>
        <translation>报警指标</translation>
    </message>
    <message>
        <source>System</source>
        <translation>系统</translation>
    </message>
</context>
<context>
    <name>NoteDialog</name>
    <message>
        <source>Add a note</source>
        <translation>添加备注</translation>
    </message>
    <message>
        <source>All tags</source>
        <translation>全部位号</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Tag</source>
        <translation>位号</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is no time of the plant&apos;s zone</source>
        <translation>“{0}”不是有效的厂区时间</translation>
    </message>
    <message>
        <source>A note cannot be about the future</source>
        <translation>备注时间不能晚于当前时间</translation>
    </message>
</context>
<context>
    <name>NoteList</name>
    <message>
        <source>Notes</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Tag</source>
        <translation>位号</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Author</source>
        <translation>作者</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Its author or a supervisor may remove a note</source>
        <translation>只有作者本人或值长可以删除备注</translation>
    </message>
    <message>
        <source>No notes in the time shown</source>
        <translation>所示时段内没有备注</translation>
    </message>
</context>
<context>
    <name>Notice</name>
    <message>
        <source>History: {0} pens still loading…</source>
        <translation>历史：{0} 条曲线仍在加载…</translation>
    </message>
    <message>
        <source>No history: {0}</source>
        <translation>无历史数据：{0}</translation>
    </message>
    <message>
        <source>Marks before {0} are too many to show; zoom in</source>
        <translation>{0} 之前的标记过多，未全部显示；请放大</translation>
    </message>
</context>
<context>
    <name>OutOfServiceDialog</name>
    <message>
        <source>Remove from service</source>
        <translation>停用</translation>
    </message>
    <message>
        <source>Mandatory</source>
        <translation>必填</translation>
    </message>
    <message>
        <source>Permit no.</source>
        <translation>工作票号</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Priority 1: a second person (supervisor or above) has to agree.</source>
        <translation>优先级 1：须由第二人（值长或以上）同意。</translation>
    </message>
    <message>
        <source>Second person</source>
        <translation>第二人</translation>
    </message>
    <message>
        <source>Their password</source>
        <translation>其密码</translation>
    </message>
    <message>
        <source>It stays silent at every desk until somebody returns it to service.</source>
        <translation>在所有工位保持静默，直至有人恢复使用。</translation>
    </message>
</context>
<context>
    <name>PenBar</name>
    <message>
        <source>Compare with</source>
        <translation>对比</translation>
    </message>
    <message>
        <source>No comparison</source>
        <translation>不对比</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>昨天</translation>
    </message>
    <message>
        <source>A week before</source>
        <translation>上周同日</translation>
    </message>
    <message>
        <source>Picked time…</source>
        <translation>指定时间…</translation>
    </message>
    <message>
        <source>Shared axis</source>
        <translation>共用纵轴</translation>
    </message>
    <message>
        <source>One scale a unit (X)</source>
        <translation>同单位共用量程 (X)</translation>
    </message>
    <message>
        <source>Stagger</source>
        <translation>错开</translation>
    </message>
    <message>
        <source>A band of its own a pen (S)</source>
        <translation>每条曲线单独一带 (S)</translation>
    </message>
    <message>
        <source>All axes</source>
        <translation>全部坐标轴</translation>
    </message>
    <message>
        <source>An axis for every scale (A)</source>
        <translation>每个量程一条坐标轴 (A)</translation>
    </message>
    <message>
        <source>Export, print, analyse (F10)</source>
        <translation>导出、打印、分析 (F10)</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>适应</translation>
    </message>
    <message>
        <source>Scale to what is shown (F)</source>
        <translation>按显示数据缩放 (F)</translation>
    </message>
    <message>
        <source>Full range</source>
        <translation>全量程</translation>
    </message>
    <message>
        <source>Scale to the range of the tag (U)</source>
        <translation>按位号量程缩放 (U)</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Remove the current pen (Delete)</source>
        <translation>移除当前曲线 (Delete)</translation>
    </message>
    <message>
        <source>End of the window to compare with (YYYY-MM-DD HH:MM):</source>
        <translation>对比时段的结束时间（YYYY-MM-DD HH:MM）：</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is no time of the plant&apos;s zone</source>
        <translation>“{0}”不是厂区时区的有效时间</translation>
    </message>
</context>
<context>
    <name>PenMenu</name>
    <message>
        <source>Shown</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Solid line</source>
        <translation>实线</translation>
    </message>
    <message>
        <source>Dashed line</source>
        <translation>虚线</translation>
    </message>
    <message>
        <source>Dotted line</source>
        <translation>点线</translation>
    </message>
    <message>
        <source>{0} px wide</source>
        <translation>线宽 {0} 像素</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>颜色</translation>
    </message>
    <message>
        <source>Own axis, also while others share</source>
        <translation>独立坐标轴（其他曲线共用时也独立）</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Fixed scale…</source>
        <translation>固定量程…</translation>
    </message>
    <message>
        <source>Scale as the tag&apos;s range</source>
        <translation>按位号量程</translation>
    </message>
</context>
<context>
    <name>PeriodBox</name>
    <message>
        <source>Last shift (8 h)</source>
        <translation>最近一班（8 小时）</translation>
    </message>
    <message>
        <source>Last day</source>
        <translation>最近一天</translation>
    </message>
    <message>
        <source>Last week</source>
        <translation>最近一周</translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation>最近 30 天</translation>
    </message>
    <message>
        <source>Own period</source>
        <translation>自定时段</translation>
    </message>
    <message>
        <source>Period</source>
        <translation>时段</translation>
    </message>
    <message>
        <source>2026-03-01 08:00, 08:00 or now</source>
        <translation>2026-03-01 08:00、08:00 或 现在</translation>
    </message>
    <message>
        <source>From</source>
        <translation>起</translation>
    </message>
    <message>
        <source>To</source>
        <translation>止</translation>
    </message>
    <message>
        <source>Date and time, a time of day, or now; in the plant&apos;s zone</source>
        <translation>日期和时间、当天时刻，或“现在”；按厂内时区</translation>
    </message>
</context>
<context>
    <name>PrioritiesPlot</name>
    <message>
        <source>Priorities</source>
        <translation>优先级</translation>
    </message>
    <message>
        <source>Hatched: as configured. Full: as annunciated. Tick: share it should have. Left and right choose a priority, Enter opens its rows.</source>
        <translation>斜线：组态；实心：实际；横线：应有占比。左右键选择优先级，回车查看记录。</translation>
    </message>
</context>
<context>
    <name>RatesPlot</name>
    <message>
        <source>Alarms in ten minutes</source>
        <translation>每 10 分钟报警数</translation>
    </message>
    <message>
        <source>Annunciated in each ten minutes of the clock. Left and right move, page keys by a day, Enter opens the rows.</source>
        <translation>每个整 10 分钟的报警数。左右键移动，翻页键移动一天，回车查看记录。</translation>
    </message>
    <message>
        <source>{0}: {1} in ten minutes, flood</source>
        <translation>{0}：10 分钟内 {1} 条，泛滥</translation>
    </message>
    <message>
        <source>{0}: {1} in ten minutes</source>
        <translation>{0}：10 分钟内 {1} 条</translation>
    </message>
</context>
<context>
    <name>ResponseTable</name>
    <message>
        <source>Times to acknowledge</source>
        <translation>确认用时</translation>
    </message>
</context>
<context>
    <name>ScaleDialog</name>
    <message>
        <source>Fixed scale of {0}</source>
        <translation>{0} 的固定量程</translation>
    </message>
    <message>
        <source>Set</source>
        <translation>设定</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>From{0}</source>
        <translation>下限{0}</translation>
    </message>
    <message>
        <source>To{0}</source>
        <translation>上限{0}</translation>
    </message>
    <message>
        <source>Two numbers, the lower one first, with a point before decimals</source>
        <translation>请输入两个数，下限在前，小数点用“.”</translation>
    </message>
</context>
<context>
    <name>SessionHolder</name>
    <message>
        <source>There is no link to the engine</source>
        <translation>与引擎无连接</translation>
    </message>
    <message>
        <source>Log in to operate</source>
        <translation>登录后方可操作</translation>
    </message>
    <message>
        <source>Your role may only view</source>
        <translation>当前角色仅可浏览</translation>
    </message>
</context>
<context>
    <name>SetpointLine</name>
    <message>
        <source>Select</source>
        <translation>选择</translation>
    </message>
</context>
<context>
    <name>ShelveDialog</name>
    <message>
        <source>Shelve</source>
        <translation>搁置</translation>
    </message>
    <message>
        <source>Until it returns to normal</source>
        <translation>直至恢复正常</translation>
    </message>
    <message>
        <source>For</source>
        <translation>时长</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Shelved {0} times in 24 h: tell the engineer.</source>
        <translation>24 小时内已搁置 {0} 次：请通知工程师。</translation>
    </message>
    <message>
        <source>It stays silent at every desk, and annunciates anew at its end if it is active.</source>
        <translation>在所有工位保持静默；到期时若仍处于报警状态将重新报警。</translation>
    </message>
</context>
<context>
    <name>SideDock</name>
    <message>
        <source>The engine gives no sign of life</source>
        <translation>引擎无心跳</translation>
    </message>
</context>
<context>
    <name>SubstituteDialog</name>
    <message>
        <source>Substitute a value</source>
        <translation>人工置数</translation>
    </message>
    <message>
        <source>The value is marked as substituted at every desk. Commands that depend on it stay blocked.</source>
        <translation>该值在所有操作台均标记为人工置数；依赖该值的控制仍被闭锁。</translation>
    </message>
    <message>
        <source>Substitute</source>
        <translation>置数</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>当前</translation>
    </message>
    <message>
        <source>For</source>
        <translation>时长</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>This is no number within {0}</source>
        <translation>请输入 {0} 范围内的数值</translation>
    </message>
</context>
<context>
    <name>SubstitutionList</name>
    <message>
        <source>Substituted values</source>
        <translation>人工置数</translation>
    </message>
    <message>
        <source>End substitute</source>
        <translation>解除置数</translation>
    </message>
    <message>
        <source>Tag</source>
        <translation>位号</translation>
    </message>
    <message>
        <source>Substitute</source>
        <translation>置数值</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备值</translation>
    </message>
    <message>
        <source>By</source>
        <translation>操作人</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Until</source>
        <translation>到期</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
</context>
<context>
    <name>Substitutions</name>
    <message>
        <source>Substituted by {0} ({1}) until {2}</source>
        <translation>由 {0}（{1}）人工置数，至 {2}</translation>
    </message>
    <message>
        <source>Reason: {0}</source>
        <translation>原因：{0}</translation>
    </message>
    <message>
        <source>Device: {0}</source>
        <translation>设备值：{0}</translation>
    </message>
</context>
<context>
    <name>SystemPage</name>
    <message>
        <source>Connections</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>引擎</translation>
    </message>
    <message>
        <source>Dropped, refused or late</source>
        <translation>丢弃、拒绝或迟到</translation>
    </message>
    <message>
        <source>pid {0}, version {1}</source>
        <translation>进程号 {0}，版本 {1}</translation>
    </message>
    <message>
        <source>, restarted {0}×</source>
        <translation>，已重启 {0} 次</translation>
    </message>
    <message>
        <source>{0} ({1}/s), {2} late</source>
        <translation>{0}（{1}/秒），{2} 迟到</translation>
    </message>
    <message>
        <source>{0}; this one reconnected {1}×</source>
        <translation>{0}；本机重连 {1} 次</translation>
    </message>
    <message>
        <source>{0} active, {1} unacknowledged</source>
        <translation>{0} 条有效，{1} 条未确认</translation>
    </message>
    <message>
        <source>{0} rows wait</source>
        <translation>{0} 行待写</translation>
    </message>
    <message>
        <source>Nothing since the engine&apos;s start</source>
        <translation>引擎启动以来没有丢弃、拒绝或迟到的数据</translation>
    </message>
    <message>
        <source>Engine starting…</source>
        <translation>引擎启动中…</translation>
    </message>
    <message>
        <source>There is no link to the engine</source>
        <translation>与引擎无连接</translation>
    </message>
    <message>
        <source>{0} {1}: {2}</source>
        <translation>{0} {1}：{2}</translation>
    </message>
    <message>
        <source>{0} substituted</source>
        <translation>人工置数 {0} 个</translation>
    </message>
    <message>
        <source>{0} frozen</source>
        <translation>数值冻结 {0} 个</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>位号</translation>
    </message>
    <message>
        <source>Process</source>
        <translation>进程</translation>
    </message>
    <message>
        <source>Running for</source>
        <translation>运行时间</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>采样</translation>
    </message>
    <message>
        <source>Worst loop delay (10 s)</source>
        <translation>最大循环延迟（10 秒）</translation>
    </message>
    <message>
        <source>Clients</source>
        <translation>客户端</translation>
    </message>
    <message>
        <source>Alarms</source>
        <translation>报警</translation>
    </message>
    <message>
        <source>Trend store</source>
        <translation>趋势库</translation>
    </message>
    <message>
        <source>Database</source>
        <translation>数据库</translation>
    </message>
    <message>
        <source>Journal</source>
        <translation>日志</translation>
    </message>
</context>
<context>
    <name>TableJob</name>
    <message>
        <source>Trend</source>
        <translation>趋势</translation>
    </message>
    <message>
        <source>Export the trend</source>
        <translation>导出趋势</translation>
    </message>
    <message>
        <source>more than {0}</source>
        <translation>超过 {0}</translation>
    </message>
    <message>
        <source>Write {0} raw samples to {1}?</source>
        <translation>将 {0} 个原始样本写入 {1}？</translation>
    </message>
    <message>
        <source>{0} of about {1} rows written… (Esc gives up)</source>
        <translation>已写入 {0} 行，共约 {1} 行…（按 Esc 放弃）</translation>
    </message>
    <message>
        <source>{0} rows written to {1}</source>
        <translation>已将 {0} 行写入 {1}</translation>
    </message>
    <message>
        <source>{0}; without samples that came late, for history does not answer: {1}</source>
        <translation>{0}；历史库无应答，不含迟到的样本：{1}</translation>
    </message>
    <message>
        <source>{0}; older ones may be missing, for {1} samples still wait for the database</source>
        <translation>{0}；仍有 {1} 个样本等待写入数据库，较早的样本可能缺失</translation>
    </message>
    <message>
        <source>Export given up; nothing was written</source>
        <translation>已放弃导出，未写入任何内容</translation>
    </message>
    <message>
        <source>Not written: {0}</source>
        <translation>未写入：{0}</translation>
    </message>
    <message>
        <source>Not written: no room left in {0}; free some, or choose another folder</source>
        <translation>未写入：{0} 空间不足，请清理空间或选择其他文件夹</translation>
    </message>
    <message>
        <source>Not written: {0}: {1}; choose another folder</source>
        <translation>未写入：{0}：{1}；请选择其他文件夹</translation>
    </message>
</context>
<context>
    <name>TimeBar</name>
    <message>
        <source>Live</source>
        <translation>实时</translation>
    </message>
    <message>
        <source>Follow the time (L)</source>
        <translation>跟随时间 (L)</translation>
    </message>
    <message>
        <source>Box zoom</source>
        <translation>框选放大</translation>
    </message>
    <message>
        <source>Draw a box to zoom into its time (Z; Shift+drag does it always)</source>
        <translation>拖出方框放大其时段（Z；Shift+拖动始终如此）</translation>
    </message>
    <message>
        <source>Period: 90 min, 2 h, 3 d …</source>
        <translation>时长：90 min、2 h、3 d …</translation>
    </message>
    <message>
        <source>End: 14:00, 2026-02-28 06:30, or empty for live</source>
        <translation>结束：14:00、2026-02-28 06:30，留空为实时</translation>
    </message>
    <message>
        <source>View before (Backspace)</source>
        <translation>上一视图 (Backspace)</translation>
    </message>
    <message>
        <source>View after (Shift+Backspace)</source>
        <translation>下一视图 (Shift+Backspace)</translation>
    </message>
    <message>
        <source>10 min</source>
        <translation>10 分</translation>
    </message>
    <message>
        <source>1 h</source>
        <translation>1 小时</translation>
    </message>
    <message>
        <source>8 h</source>
        <translation>8 小时</translation>
    </message>
    <message>
        <source>24 h</source>
        <translation>24 小时</translation>
    </message>
    <message>
        <source>7 d</source>
        <translation>7 天</translation>
    </message>
    <message>
        <source>30 d</source>
        <translation>30 天</translation>
    </message>
    <message>
        <source>1 y</source>
        <translation>1 年</translation>
    </message>
    <message>
        <source>Key {0}</source>
        <translation>按键 {0}</translation>
    </message>
    <message>
        <source>Period</source>
        <translation>时长</translation>
    </message>
    <message>
        <source>End</source>
        <translation>结束</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is no period from 5 s to 400 d; write 90 min, 2 h or 3 d</source>
        <translation>“{0}”不是 5 s 到 400 d 的时长；请写 90 min、2 h 或 3 d</translation>
    </message>
    <message>
        <source>now</source>
        <translation>现在</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is no time of the plant&apos;s zone</source>
        <translation>“{0}”不是厂区时区的有效时间</translation>
    </message>
</context>
<context>
    <name>TopTenPlot</name>
    <message>
        <source>Ten most frequent</source>
        <translation>最频繁的十个</translation>
    </message>
    <message>
        <source>Up and down choose an alarm, Enter opens its rows.</source>
        <translation>上下键选择报警，回车查看记录。</translation>
    </message>
</context>
<context>
    <name>TrendActions</name>
    <message>
        <source>Copy picture</source>
        <translation>复制图片</translation>
    </message>
    <message>
        <source>PNG…</source>
        <translation>PNG…</translation>
    </message>
    <message>
        <source>Print…</source>
        <translation>打印…</translation>
    </message>
    <message>
        <source>Raw samples (CSV, XLSX)…</source>
        <translation>原始样本（CSV、XLSX）…</translation>
    </message>
    <message>
        <source>Bins (CSV, XLSX)…</source>
        <translation>分段统计（CSV、XLSX）…</translation>
    </message>
    <message>
        <source>Values at even steps (CSV, XLSX)…</source>
        <translation>等间隔插值（CSV、XLSX）…</translation>
    </message>
    <message>
        <source>XY plot of the current pen over the first</source>
        <translation>XY 图：当前曲线对第一条曲线</translation>
    </message>
    <message>
        <source>Histogram of the current pen</source>
        <translation>当前曲线的直方图</translation>
    </message>
    <message>
        <source>Marks of alarms, commands and notes</source>
        <translation>报警、命令和备注标记</translation>
    </message>
    <message>
        <source>Add a note…</source>
        <translation>添加备注…</translation>
    </message>
    <message>
        <source>Notes…</source>
        <translation>备注列表…</translation>
    </message>
    <message>
        <source>New trend window</source>
        <translation>新建趋势窗口</translation>
    </message>
</context>
<context>
    <name>TrendExporter</name>
    <message>
        <source>Not written: {0}</source>
        <translation>未写入：{0}</translation>
    </message>
    <message>
        <source>Picture copied</source>
        <translation>图片已复制</translation>
    </message>
    <message>
        <source>Export the trend</source>
        <translation>导出趋势</translation>
    </message>
    <message>
        <source>Export the picture</source>
        <translation>导出图片</translation>
    </message>
    <message>
        <source>Not printed</source>
        <translation>未打印</translation>
    </message>
</context>
<context>
    <name>TrendLegend</name>
    <message>
        <source>Part of the window only: history is still missing</source>
        <translation>仅为窗口的一部分：历史数据尚缺</translation>
    </message>
    <message>
        <source>Tag</source>
        <translation>位号</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>描述</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>当前</translation>
    </message>
    <message>
        <source>Ruler A</source>
        <translation>标尺 A</translation>
    </message>
    <message>
        <source>Ruler B</source>
        <translation>标尺 B</translation>
    </message>
    <message>
        <source>Minimum</source>
        <translation>最小</translation>
    </message>
    <message>
        <source>Maximum</source>
        <translation>最大</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>平均</translation>
    </message>
    <message>
        <source>B − A</source>
        <translation>B − A</translation>
    </message>
    <message>
        <source>per hour</source>
        <translation>每小时</translation>
    </message>
    <message>
        <source>% good</source>
        <translation>好值 %</translation>
    </message>
    <message>
        <source>Unit</source>
        <translation>单位</translation>
    </message>
    <message>
        <source>Pens</source>
        <translation>曲线</translation>
    </message>
</context>
<context>
    <name>TrendPlot</name>
    <message>
        <source>Trend</source>
        <translation>趋势</translation>
    </message>
</context>
<context>
    <name>TrendWorkspace</name>
    <message>
        <source>Not added: already shown, or {0} pens reached</source>
        <translation>未添加：已显示，或已达 {0} 条</translation>
    </message>
</context>
<context>
    <name>TrendsPage</name>
    <message>
        <source>Add tag…</source>
        <translation>添加位号…</translation>
    </message>
    <message>
        <source>Trend</source>
        <translation>趋势</translation>
    </message>
</context>
<context>
    <name>ValueRows</name>
    <message>
        <source>Values</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>Trend</source>
        <translation>趋势</translation>
    </message>
    <message>
        <source>Never received</source>
        <translation>从未收到</translation>
    </message>
</context>
<context>
    <name>ViewBox</name>
    <message>
        <source>All active</source>
        <translation>全部活动</translation>
    </message>
    <message>
        <source>Unacknowledged</source>
        <translation>未确认</translation>
    </message>
    <message>
        <source>Priority 1 and 2</source>
        <translation>优先级 1 和 2</translation>
    </message>
    <message>
        <source>By equipment</source>
        <translation>按设备</translation>
    </message>
    <message>
        <source>Saved views</source>
        <translation>已存视图</translation>
    </message>
    <message>
        <source>Keep what is shown as a view of this desk</source>
        <translation>将当前显示保存为本工位视图</translation>
    </message>
    <message>
        <source>Take this view of this desk away</source>
        <translation>删除本工位的此视图</translation>
    </message>
    <message>
        <source>Name of the view</source>
        <translation>视图名称</translation>
    </message>
</context>
<context>
    <name>Wording</name>
    <message>
        <source>{0} s</source>
        <translation>{0} 秒</translation>
    </message>
    <message>
        <source>{0} min</source>
        <translation>{0} 分</translation>
    </message>
    <message>
        <source>{0} h {1} min</source>
        <translation>{0} 小时 {1} 分</translation>
    </message>
    <message>
        <source>{0} d {1} h</source>
        <translation>{0} 天 {1} 小时</translation>
    </message>
</context>
<context>
    <name>mimic</name>
    <message>
        <source>No alarms</source>
        <translation>无报警</translation>
    </message>
    <message>
        <source>{0}: no such tag in the project</source>
        <translation>{0}：项目中无此位号</translation>
    </message>
    <message>
        <source>{0}: no such equipment in the project</source>
        <translation>{0}：项目中无此设备</translation>
    </message>
</context>
<context>
    <name>quality</name>
    <message>
        <source>{0} s</source>
        <translation>{0} 秒</translation>
    </message>
    <message>
        <source>{0} min</source>
        <translation>{0} 分</translation>
    </message>
    <message>
        <source>{0} h</source>
        <translation>{0} 小时</translation>
    </message>
    <message>
        <source>{0} d</source>
        <translation>{0} 天</translation>
    </message>
    <message>
        <source>Substituted by an operator</source>
        <translation>人工置数</translation>
    </message>
    <message>
        <source>Forced or simulated: not measured</source>
        <translation>强制值或仿真值，非实测</translation>
    </message>
    <message>
        <source>Stands still: it has not moved for longer than it should</source>
        <translation>数值冻结：超过规定时间没有变化</translation>
    </message>
    <message>
        <source>no link</source>
        <translation>无通信</translation>
    </message>
    <message>
        <source>sensor</source>
        <translation>传感器</translation>
    </message>
    <message>
        <source>device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>out of service</source>
        <translation>停用</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>等待数据</translation>
    </message>
    <message>
        <source>no such address</source>
        <translation>无此地址</translation>
    </message>
    <message>
        <source>configuration</source>
        <translation>组态错误</translation>
    </message>
    <message>
        <source>out of range</source>
        <translation>超范围</translation>
    </message>
    <message>
        <source>bad</source>
        <translation>坏值</translation>
    </message>
</context>
<context>
    <name>substitution</name>
    <message>
        <source>New substitute…</source>
        <translation>重新置数…</translation>
    </message>
    <message>
        <source>Substitute…</source>
        <translation>人工置数…</translation>
    </message>
    <message>
        <source>End substitute</source>
        <translation>解除置数</translation>
    </message>
</context>
</TS>
