BeforeAll {
    . $PSScriptRoot/common.ps1

    # A file without findings.
    function New-GoodFile {
        $file = New-UserFile
        $text = (Get-Text $file).Replace('$2a$04$', '$2a$12$').Replace('failed_attempts: 3', 'failed_attempts: 0')
        Set-UserFile $file $text.Replace('last_login: null', 'last_login: 2024-11-14T09:30:00Z')
        $file
    }

    # The lines of another user.
    function Add-User([string] $File, [string] $Key) {
        $text = Get-Text $File
        Set-UserFile $File ($text + $text.Substring($text.IndexOf('    charlie:')).Replace('charlie', $Key))
    }
}

Describe 'Test-PgEdgeUserFile' {
    BeforeEach {
        $file = New-UserFile
    }

    Context 'as a condition' {
        It 'is true for a good file, also with findings that are only worth knowing' {
            $good = New-GoodFile
            Test-PgEdgeUserFile $good | Should -BeOfType bool
            Test-PgEdgeUserFile $good | Should -BeTrue

            Edit-UserFile $good 'last_login: 2024-11-14T09:30:00Z' 'last_login: null'

            Test-PgEdgeUserFile $good | Should -BeTrue
            Test-PgEdgeUserFile $good -Detailed -MinimumSeverity Information | Should -Not -BeNullOrEmpty
        }

        It 'is false for <What>' -ForEach @(
            @{ What = 'a warning'; Spoil = { Edit-UserFile $good 'username: bob' 'username: Bob' } }
            @{ What = 'an error'; Spoil = { Edit-UserFile $good 'users:' "users:`n    ghost:" } }
            @{ What = 'a text that the server refuses'; Spoil = { Set-UserFile $good 'users: [' } }
            @{ What = 'a missing file'; Spoil = { Remove-Item $good } }
            @{ What = 'a missing folder'; Spoil = { Remove-Item (Split-Path $good) -Recurse } }
            @{ What = 'a folder'; Spoil = { Remove-Item $good; $null = New-Item $good -ItemType Directory } }
        ) {
            $good = New-GoodFile
            . $Spoil

            $result = Invoke-Script { Test-PgEdgeUserFile $good }

            $result.Output | Should -BeExactly $false
            $result.Errors | Should -BeNullOrEmpty
        }

        It 'gives one result for each piped file' {
            $good, $missing = (New-GoodFile), (Join-Path $TestDrive missing.yaml)

            $good, $missing, $file, $missing, $good | Test-PgEdgeUserFile |
                Should -BeExactly $true, $false, $false, $false, $true
        }

        It 'is an error for a path outside the file system' {
            (Invoke-Script { Test-PgEdgeUserFile Variable:file }).Failures | Should -BeLike 'InvalidUserFilePath: *'
        }
    }

    Context 'with -Detailed' {
        It 'returns the findings of severity <Severity> and above' -ForEach @(
            @{
                Severity = 'Warning (default)'; Parameters = @{ Detailed = $true }
                Findings = 'WeakHashCost 3', 'WeakHashCost 11', 'WeakHashCost 19'
            }
            @{
                Severity = 'Warning'; Parameters = @{ MinimumSeverity = 'Warning' }
                Findings = 'WeakHashCost 3', 'WeakHashCost 11', 'WeakHashCost 19'
            }
            @{
                Severity = 'Information'; Parameters = @{ Detailed = $true; MinimumSeverity = 'information' }
                Findings = 'WeakHashCost 3', 'WeakHashCost 11', 'NeverSignedIn 11', 'WeakHashCost 19',
                'DisabledByLockout 19'
            }
            @{ Severity = 'Error'; Parameters = @{ MinimumSeverity = 'Error' }; Findings = $null }
        ) {
            Test-PgEdgeUserFile $file @Parameters | ForEach-Object { "$($_.Id) $($_.Line)" } |
                Should -BeExactly $Findings

            Test-Untouched $file | Should -BeTrue
            Get-Sidecar $file | Should -BeNullOrEmpty
        }

        It 'says what it found, where, and what to do' {
            Edit-UserFile $file 'username: bob' 'username: Bob'

            $finding = Test-PgEdgeUserFile $file -Detailed | Where-Object Id -EQ KeyDiffersFromUsername

            $finding.PSTypeNames[0] | Should -BeExactly PgEdgeUsers.PgEdgeUserFileFinding
            "$finding" | Should -BeExactly "The username of user 'bob' is 'Bob', but sign-in uses 'bob'."
            $finding.PSObject.Properties | Where-Object Name -NotLike '*View' | Sort-Object Name |
                ForEach-Object { "$($_.Name) $($_.Value)" } | Should -BeExactly @(
                'Id KeyDiffersFromUsername'
                'Line 11'
                "Message The username of user 'bob' is 'Bob', but sign-in uses 'bob'."
                "Path $file"
                'Remedy Write the same name in both places. Repair-PgEdgeUserFile can do this.'
                'Severity Warning'
                'Username bob'
            )
        }

        It 'returns <Finding> for <What>' -ForEach @(
            @{ What = 'a missing file'; Finding = 'FileMissing Error'; Spoil = { Remove-Item $good } }
            @{
                What = 'a name with a space at its end'; Finding = 'NamesLookAlike Warning'
                Spoil = { Add-User $good '"charlie "' }
            }
            @{
                What = 'a name with an invisible character'; Finding = 'NamesLookAlike Warning'
                Spoil = { Add-User $good '"char\u200Blie"' }
            }
            @{ What = 'an empty name'; Finding = 'EmptyName Warning'; Spoil = { Add-User $good '""' } }
            @{
                What = 'a sticky folder'; Finding = 'FolderShared Warning'; Spoil = { chmod 1777 (Split-Path $good) }
                Unix = $true
            }
            @{
                What = 'a permissive audit file'; Finding = 'SidecarTooWide Warning'
                Spoil = { $null = New-Item "$good.audit.jsonl"; chmod 644 "$good.audit.jsonl" }; Unix = $true
            }
            @{
                What = 'a lock file that is a link'; Finding = 'SidecarNotPlain Error'
                Spoil = { $null = New-Item "$good.lock" -ItemType SymbolicLink -Value elsewhere }; Unix = $true
            }
        ) {
            if ($Unix -and $IsWindows) {
                Set-ItResult -Skipped -Because 'Windows has no modes'
            }
            $good = New-GoodFile
            . $Spoil

            Test-PgEdgeUserFile $good -Detailed | ForEach-Object { "$($_.Id) $($_.Severity)" } |
                Should -BeExactly $Finding
            Test-PgEdgeUserFile $good | Should -BeFalse
        }

        It 'returns a file that the account of the running server cannot read' -Skip:(-not $IsLinux -or (id -u) -ne 0) {
            $good, $other = (New-GoodFile), (New-GoodFile)
            $program = Join-Path $TestDrive pgedge-postgres-mcp
            Copy-Item /bin/sleep $program
            chmod 755 $TestDrive $program
            $server = Start-Process setpriv -PassThru -ArgumentList '--reuid=23456', '--regid=23456', '--clear-groups',
                'env', "PGEDGE_AUTH_USER_FILE=$good", $program, '100'
            try {
                while ((Get-Content "/proc/$($server.Id)/comm") -ne 'pgedge-postgres') {
                    $server.HasExited | Should -BeFalse
                }

                $finding = Test-PgEdgeUserFile $good -Detailed

                $finding.Id, "$($finding.Severity)" | Should -BeExactly ServerCannotRead, Error
                $finding.Message |
                    Should -BeLike "The server (process $($server.Id)) runs as 23456 and cannot read the file: *"
                Test-PgEdgeUserFile $good | Should -BeFalse
                Test-PgEdgeUserFile $other | Should -BeTrue
            }
            finally {
                $server.Kill()
            }
        }

        It 'names the cmdlet that does what the remedy says' {
            Edit-UserFile $file 'username: bob' 'username: Bob'

            $remedies = $file, (Join-Path $TestDrive no.yaml) |
                Test-PgEdgeUserFile -Detailed -MinimumSeverity Information | Group-Object Id -AsHashTable

            $remedies.KeyDiffersFromUsername.Remedy | Should -BeLike '*. Repair-PgEdgeUserFile can do this.'
            $remedies.WeakHashCost[0].Remedy | Should -BeLike '*. Set-PgEdgeUser can do this.'
            $remedies.DisabledByLockout.Remedy | Should -BeLike '*. Enable-PgEdgeUser can do this.'
            $remedies.FileMissing.Remedy | Should -BeLike '*. New-PgEdgeUser can do this.'
            $remedies.NeverSignedIn.Remedy | Should -BeExactly ''
        }

        It 'returns the findings of several files with the path of each' {
            $one, $two = (New-UserFile one.yaml), (New-UserFile two.yaml)
            Set-UserFile $one "users:`n    one:`n"
            Set-UserFile $two "users:`n    two:`n"

            $one, $file, $two | Test-PgEdgeUserFile -MinimumSeverity Error |
                ForEach-Object { "$($_.Id) $($_.Username) $($_.Path)" } |
                Should -BeExactly "NullEntry one $one", "NullEntry two $two"
        }
    }

    It 'takes <Input> from the pipeline' -ForEach @(
        @{ Input = 'a path'; Command = { $file } }
        @{ Input = 'what Get-Item returns'; Command = { Get-Item $file } }
        @{ Input = 'what Get-PgEdgeUserFile returns'; Command = { Get-PgEdgeUserFile $file } }
        @{ Input = 'an object with a path'; Command = { [pscustomobject]@{ Path = $file; Password = 'x' } } }
        @{ Input = 'a FileInfo that has no PSPath'; Command = { [System.IO.FileInfo]::new($file) } }
    ) {
        & $Command | Test-PgEdgeUserFile -Detailed | Should -HaveCount 3
    }

    It 'takes <Input> as an argument' -ForEach @(
        @{ Input = 'what Get-Item returns'; Command = { Get-Item $file } }
        @{ Input = 'what Get-PgEdgeUserFile returns'; Command = { Get-PgEdgeUserFile $file } }
        @{ Input = 'a FileInfo that has no PSPath'; Command = { [System.IO.FileInfo]::new($file) } }
    ) {
        Test-PgEdgeUserFile -Path (& $Command) -Detailed | Should -HaveCount 3
    }
}
