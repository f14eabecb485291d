# Drives Chromium through its DevTools protocol.

$NoCancellation = [System.Threading.CancellationToken]::None

function Find-Browser {
    Get-Command chromium, chromium-browser, google-chrome -CommandType Application -ErrorAction Ignore |
        Select-Object -First 1
}

function Open-Browser([string] $Folder) {
    $arguments = '--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', '--remote-debugging-port=0',
        "--user-data-dir=$Folder/profile", '--window-size=1280,900', 'about:blank'
    $process = Start-Process (Find-Browser) $arguments -PassThru -RedirectStandardError $Folder/browser.log `
        -RedirectStandardOutput $Folder/browser.out
    $port = "$Folder/profile/DevToolsActivePort"
    while (-not (Test-Path $port) -or -not (Get-Content $port)) {
        if ($process.HasExited) {
            throw "The browser did not start: $(Get-Content $Folder/browser.log -Raw)"
        }
        Start-Sleep -Milliseconds 50
    }

    $pages = Invoke-RestMethod "http://127.0.0.1:$((Get-Content $port)[0])/json/list"
    $page = $pages | Where-Object type -EQ page | Select-Object -First 1
    $socket = [System.Net.WebSockets.ClientWebSocket]::new()
    $null = $socket.ConnectAsync($page.webSocketDebuggerUrl, $NoCancellation).GetAwaiter().GetResult()
    $events = [System.Collections.Generic.List[object]]::new()
    $browser = @{ Process = $process; Socket = $socket; LastId = 0; Events = $events }
    Invoke-Browser $browser Page.enable
    Invoke-Browser $browser Log.enable
    Invoke-Browser $browser Network.enable
    Invoke-Browser $browser Browser.setDownloadBehavior @{
        behavior = 'allow'; downloadPath = $Folder; eventsEnabled = $true
    }
    $browser
}

function Receive-Browser($Browser) {
    $buffer = [byte[]]::new(1MB)
    $message = [System.IO.MemoryStream]::new()
    do {
        $part = $Browser.Socket.ReceiveAsync([ArraySegment[byte]] $buffer, $NoCancellation).GetAwaiter().GetResult()
        $message.Write($buffer, 0, $part.Count)
    } until ($part.EndOfMessage)
    [System.Text.Encoding]::UTF8.GetString($message.ToArray()) | ConvertFrom-Json
}

# Calls a method and returns its result. Events that arrive meanwhile are kept.
function Invoke-Browser($Browser, [string] $Method, [hashtable] $Parameters = @{}) {
    $id = ++$Browser.LastId
    $call = @{ id = $id; method = $Method; params = $Parameters } | ConvertTo-Json -Depth 9
    $bytes = [ArraySegment[byte]] [System.Text.Encoding]::UTF8.GetBytes($call)
    $null = $Browser.Socket.SendAsync($bytes, 'Text', $true, $NoCancellation).GetAwaiter().GetResult()
    while ($true) {
        $message = Receive-Browser $Browser
        if ($message.id -ne $id) {
            $Browser.Events.Add($message)
        }
        elseif ($message.error) {
            throw "$Method failed: $($message.error.message)"
        }
        elseif (@($message.result.PSObject.Properties).Count) {
            return $message.result
        }
        else {
            return
        }
    }
}

function Wait-Browser($Browser, [string] $Method, [scriptblock] $Condition = { $true }) {
    while ($true) {
        $found = $Browser.Events | Where-Object method -EQ $Method | Where-Object $Condition | Select-Object -First 1
        if ($found) {
            $null = $Browser.Events.Remove($found)
            return $found.params
        }
        $Browser.Events.Add((Receive-Browser $Browser))
    }
}

function Show-Page($Browser, [string] $Path) {
    $null = Invoke-Browser $Browser Page.navigate @{ url = [uri]::new($Path).AbsoluteUri }
    $null = Wait-Browser $Browser Page.loadEventFired
}

# Evaluates JavaScript in the page and returns its value.
function Get-FromPage($Browser, [string] $Script) {
    $result = Invoke-Browser $Browser Runtime.evaluate @{
        expression = $Script; returnByValue = $true; awaitPromise = $true
    }
    if ($result.exceptionDetails) {
        throw "$($result.exceptionDetails.exception.description)"
    }
    $result.result.value
}

function Close-Browser($Browser) {
    $Browser.Socket.Dispose()
    Stop-Process -Id $Browser.Process.Id -Force
    $Browser.Process.WaitForExit()
}
